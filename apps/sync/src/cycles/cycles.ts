import { randomUUID } from 'node:crypto';
import type { Tenure } from '../reconciliation/lease.js';
import type { ReconcileRunnersJob } from '../reconciliation/reconcile-runners.job.js';
import { pause } from '../scheduling/pause.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import type { PollingState } from '../status/polling-state.js';
import type { Polling } from '../sync.config.js';
import type { CycleRecord } from './cycle-record.js';
import type { RequestedCycleRow } from './requested-cycle.entity.js';
import type { RequestedCycles } from './requested-cycles.js';

export type CyclesParts = {
  reconciliation: Pick<ReconcileRunnersJob, 'run'>;
  requested: Pick<RequestedCycles, 'open' | 'news'>;
  record: CycleRecord;
  state: Pick<PollingState, 'cycleEnded' | 'nextRunAt'>;
  polling: Polling;
  logger: JobLog;
};

/** Whoever asked is served within this also when nobody rang. */
const LOOK_EVERY_MS = 5_000;
const PAUSE_AFTER_TROUBLE_MS = 1_000;

/** Looks at all runners, one after another: in their time, and whenever somebody asks. */
export class Cycles {
  private readonly trouble: Trouble;

  constructor(private readonly parts: CyclesParts) {
    this.trouble = new Trouble(parts.logger, 'serving and recording cycles');
  }

  /** Until the tenure ends. */
  async run(tenure: Tenure): Promise<void> {
    const { polling } = this.parts;
    /** The rows learn of their end from the log, a moment later. */
    const served = new Set<string>();
    let dueAt = polling
      ? performance.now() + (polling.atOnce ? 0 : polling.everyMs)
      : Number.POSITIVE_INFINITY;
    await this.parts.state.nextRunAt(atTime(dueAt)).catch((error) => this.trouble.met(error));
    while (!tenure.signal.aborted) {
      const rung = this.parts.requested.news.listen();
      let waitMs = 0;
      try {
        const open = (await this.parts.requested.open()).filter(({ id }) => !served.has(id));
        waitMs = open.length > 0 ? 0 : Math.max(0, dueAt - performance.now());
        if (waitMs === 0) {
          if (polling) dueAt = performance.now() + polling.everyMs;
          await this.serve(open, dueAt, tenure);
          for (const { id } of open) served.add(id);
        }
        this.trouble.over();
      } catch (error) {
        this.trouble.met(error);
        await pause(PAUSE_AFTER_TROUBLE_MS, tenure.signal);
      }
      await rung(Math.min(waitMs, LOOK_EVERY_MS), tenure.signal);
    }
  }

  /** One look answers all who have asked before it began. */
  private async serve(open: readonly RequestedCycleRow[], dueAt: number, tenure: Tenure): Promise<void> {
    const { reconciliation, record, state } = this.parts;
    const end = await reconciliation.run(tenure, open.length > 0 ? 'high' : 'low');
    // what was cut short is for the next leader to do
    if (tenure.signal.aborted) return;
    const outcome = { cycleId: open.at(-1)?.id ?? randomUUID(), ...end };
    await state.cycleEnded(outcome, atTime(dueAt));
    await record.ended(tenure.observer, outcome, open);
  }
}

const atTime = (monotonic: number): Date | undefined =>
  Number.isFinite(monotonic) ? new Date(Date.now() + monotonic - performance.now()) : undefined;
