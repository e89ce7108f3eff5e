import type { Cycles } from '../cycles/cycles.js';
import type { RequestedCycles } from '../cycles/requested-cycles.js';
import type { CheckDeliveriesJob } from '../ledger/check-deliveries.job.js';
import type { LogRetentionJob } from '../retention/log-retention.job.js';
import { repeat } from '../scheduling/repeat.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import type { SettleRunnersJob } from '../settling/settle-runners.job.js';
import type { PollingState } from '../status/polling-state.js';
import type { Polling } from '../sync.config.js';
import type { TrackedRunners } from '../tracking/tracked-runners.js';
import type { Lease, Tenure } from './lease.js';
import type { WatchPendingRunnersJob } from './watch-pending-runners.job.js';

export type LeaderParts = {
  lease: Lease;
  polling: Polling;
  pending: WatchPendingRunnersJob;
  cycles: Pick<Cycles, 'run'>;
  requested: Pick<RequestedCycles, 'forgetEndedBefore'>;
  state: Pick<PollingState, 'budgetSeen'>;
  settling: SettleRunnersJob;
  retention: Pick<LogRetentionJob, 'run'>;
  /** Absent: there are no webhooks. */
  deliveries: Pick<CheckDeliveriesJob, 'run'> | undefined;
  runners: Pick<TrackedRunners, 'forgetEndedBefore'>;
  logger: JobLog;
};

const SETTLE_EVERY_MS = 2_000;
const NOTE_BUDGET_EVERY_MS = 10_000;
const FORGET_EVERY_MS = 60 * 60 * 1000;
/** GitHub can be made to send a delivery again for three days, and it may be about a runner that has ended. */
const REMEMBER_MS = 3 * 24 * 60 * 60 * 1000;

/** What one process at a time does, for as long as it holds the lease. */
export class Leader {
  private readonly forgetting: Trouble;

  constructor(private readonly parts: LeaderParts) {
    this.forgetting = new Trouble(parts.logger, 'keeping the rows of sync');
  }

  /** Until the signal is aborted; resolves when its work has come to rest. */
  lead(signal: AbortSignal): Promise<void> {
    return this.parts.lease.run(signal, async (tenure) => {
      await Promise.all([
        this.parts.cycles.run(tenure),
        this.watch(tenure),
        this.settle(tenure.signal),
        this.noteBudget(tenure.signal),
        this.forget(tenure.signal),
        this.parts.retention.run(tenure.signal),
        this.parts.deliveries?.run(tenure.signal),
      ]);
    });
  }

  private async watch(tenure: Tenure): Promise<void> {
    const { polling, pending } = this.parts;
    if (polling === undefined) return;
    await repeat({ everyMs: polling.pendingEveryMs, signal: tenure.signal }, () => pending.run(tenure));
  }

  private settle(signal: AbortSignal): Promise<void> {
    return repeat({ everyMs: SETTLE_EVERY_MS, signal }, async () => {
      // one runner that waits for GitHub must not keep the next ones waiting
      void this.parts.settling.run(signal);
    });
  }

  private forget(signal: AbortSignal): Promise<void> {
    return repeat({ everyMs: FORGET_EVERY_MS, signal }, async () => {
      const instant = new Date(Date.now() - REMEMBER_MS);
      const { runners, requested } = this.parts;
      await Promise.all([runners.forgetEndedBefore(instant), requested.forgetEndedBefore(instant)]).then(
        () => this.forgetting.over(),
        (error) => this.forgetting.met(error),
      );
    });
  }

  private noteBudget(signal: AbortSignal): Promise<void> {
    return repeat({ everyMs: NOTE_BUDGET_EVERY_MS, signal }, async () => {
      await this.parts.state.budgetSeen().catch((error) => this.forgetting.met(error));
    });
  }
}
