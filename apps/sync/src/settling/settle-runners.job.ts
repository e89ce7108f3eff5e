import { randomUUID } from 'node:crypto';
import { subjects } from '#libs/contracts';
import { type Asking, isProvisionerAway } from '../provisioner-calls.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import type { SyncMetrics } from '../sync.metrics.js';
import type { TrackedRunnerRow, TrackedState } from '../tracking/tracked-runner.entity.js';
import type { TrackedRunners } from '../tracking/tracked-runners.js';
import { isOverdue, pauseAfter, settlementOf } from './settlement.js';

export type SettlingParts = {
  runners: Pick<TrackedRunners, 'unsettled'>;
  bus: Asking;
  /** A runner that has been offline for longer is looked after. */
  staleAfterMs: number;
  metrics: SyncMetrics;
  logger: JobLog;
  now?: () => Date;
};

type Tried = { state: TrackedState; tries: number; notBefore: number };

/** Each may wait for GitHub for a while; more would crowd out what people wait for. */
const AT_A_TIME = 16;

/** Asks the provisioner to close whatever was left open: the backstop behind every crash. */
export class SettleRunnersJob {
  private readonly tried = new Map<string, Tried>();
  private readonly inHand = new Set<string>();
  private readonly reading: Trouble;
  private readonly asking: Trouble;
  private readonly now: () => Date;

  constructor(private readonly parts: SettlingParts) {
    this.reading = new Trouble(parts.logger, 'reading what is unsettled');
    this.asking = new Trouble(parts.logger, 'asking the provisioner to settle');
    this.now = parts.now ?? (() => new Date());
  }

  /** Begins what is due; resolves when what it has begun is over. Need not be waited for before the next time. */
  async run(tenure: AbortSignal): Promise<void> {
    try {
      const now = this.now();
      const { runners, staleAfterMs } = this.parts;
      const unsettled = await runners.unsettled(now, staleAfterMs);
      this.reading.over();
      this.forgetSettled(unsettled);
      const due = unsettled.filter(
        (runner) => isOverdue(runner, now, staleAfterMs) && this.isDue(runner, now),
      );
      const places = Math.max(0, AT_A_TIME - this.inHand.size);
      if (tenure.aborted) return;
      await Promise.all(due.slice(0, places).map((runner) => this.settle(runner)));
    } catch (error) {
      this.reading.met(error);
    }
  }

  private isDue({ id, state }: TrackedRunnerRow, now: Date): boolean {
    if (this.inHand.has(id)) return false;
    const tried = this.tried.get(id);
    return tried === undefined || tried.state !== state || tried.notBefore <= now.getTime();
  }

  private async settle(runner: TrackedRunnerRow): Promise<void> {
    const { bus, metrics, logger } = this.parts;
    this.inHand.add(runner.id);
    try {
      const { recorded } = await bus.ask(subjects.settleRunner, settlementOf(runner), {
        requestId: randomUUID(),
      });
      metrics.settlements.inc({ result: recorded > 0 ? 'changed' : 'unchanged' });
      this.leaveAlone(runner);
      this.asking.over();
    } catch (error) {
      metrics.settlements.inc({ result: 'failed' });
      // the runner is not to wait for long because the provisioner was away
      if (isProvisionerAway(error)) this.asking.met(error);
      else {
        this.leaveAlone(runner);
        logger.warn({ err: error, runnerId: runner.id, state: runner.state }, 'a runner is not settled yet');
      }
    } finally {
      this.inHand.delete(runner.id);
    }
  }

  private leaveAlone({ id, state }: TrackedRunnerRow): void {
    const before = this.tried.get(id);
    const tries = before?.state === state ? before.tries + 1 : 1;
    this.tried.set(id, { state, tries, notBefore: this.now().getTime() + pauseAfter(state, tries) });
  }

  private forgetSettled(unsettled: readonly TrackedRunnerRow[]): void {
    const open = new Set(unsettled.map(({ id }) => id));
    for (const id of this.tried.keys()) if (!open.has(id)) this.tried.delete(id);
  }
}
