import type { LogRetentionJob } from '../retention/log-retention.job.js';
import { repeat } from '../scheduling/repeat.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import type { SettleRunnersJob } from '../settling/settle-runners.job.js';
import type { Polling } from '../sync.config.js';
import type { TrackedRunners } from '../tracking/tracked-runners.js';
import type { Lease } from './lease.js';
import type { ReconcileRunnersJob } from './reconcile-runners.job.js';
import type { WatchPendingRunnersJob } from './watch-pending-runners.job.js';

export type LeaderParts = {
  lease: Lease;
  polling: Polling;
  pending: WatchPendingRunnersJob;
  reconciliation: ReconcileRunnersJob;
  settling: SettleRunnersJob;
  retention: Pick<LogRetentionJob, 'run'>;
  runners: Pick<TrackedRunners, 'forgetEndedBefore'>;
  logger: JobLog;
};

const SETTLE_EVERY_MS = 2_000;
const FORGET_EVERY_MS = 60 * 60 * 1000;
/** GitHub can be made to send a delivery again for three days, and it may be about a runner that has ended. */
const REMEMBER_MS = 3 * 24 * 60 * 60 * 1000;

/** What one process at a time does, for as long as it holds the lease. */
export class Leader {
  private readonly forgetting: Trouble;

  constructor(private readonly parts: LeaderParts) {
    this.forgetting = new Trouble(parts.logger, 'forgetting ended runners');
  }

  /** Until the signal is aborted; resolves when its work has come to rest. */
  lead(signal: AbortSignal): Promise<void> {
    return this.parts.lease.run(signal, async (tenure) => {
      await Promise.all([
        this.poll(tenure),
        this.settle(tenure),
        this.forget(tenure),
        this.parts.retention.run(tenure),
      ]);
    });
  }

  private async poll(signal: AbortSignal): Promise<void> {
    const { polling, pending, reconciliation, lease } = this.parts;
    if (polling === undefined) return;
    const { everyMs, pendingEveryMs, atOnce } = polling;
    await Promise.all([
      repeat({ everyMs: pendingEveryMs, signal }, () => pending.run(signal)),
      repeat({ everyMs, firstAfterMs: atOnce ? 0 : everyMs, signal }, () =>
        reconciliation.run(lease, signal),
      ),
    ]);
  }

  private settle(signal: AbortSignal): Promise<void> {
    return repeat({ everyMs: SETTLE_EVERY_MS, signal }, async () => {
      // one runner that waits for GitHub must not keep the next ones waiting
      void this.parts.settling.run(signal);
    });
  }

  private forget(signal: AbortSignal): Promise<void> {
    return repeat({ everyMs: FORGET_EVERY_MS, signal }, async () => {
      await this.parts.runners.forgetEndedBefore(new Date(Date.now() - REMEMBER_MS)).then(
        () => this.forgetting.over(),
        (error) => this.forgetting.met(error),
      );
    });
  }
}
