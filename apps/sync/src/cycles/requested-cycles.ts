import type { Database } from '#libs/read-model';
import { Bell } from '../scheduling/bell.js';
import { RequestedCycle, type RequestedCycleRow } from './requested-cycle.entity.js';

/** The rows may be written by another replica of the same database: nobody waits for longer without looking. */
const LOOK_EVERY_MS = 1_000;

/** Cycles that were asked for: whoever leads serves them, whoever asked waits for them. */
export class RequestedCycles {
  /** Rings when something was asked for or has ended. */
  readonly news = new Bell();

  constructor(private readonly database: Pick<Database, 'em'>) {}

  /** Not served yet, the oldest first. */
  open(): Promise<RequestedCycleRow[]> {
    return this.database
      .em()
      .find(RequestedCycle, { endedAt: null }, { orderBy: { position: 'asc' }, disableIdentityMap: true });
  }

  /** The cycle once it has ended; undefined when that takes longer. */
  async ended(id: string, withinMs: number): Promise<RequestedCycleRow | undefined> {
    const giveUpAt = performance.now() + withinMs;
    const { signal } = new AbortController();
    for (;;) {
      const rung = this.news.listen();
      const cycle = await this.database.em().findOne(RequestedCycle, { id }, { disableIdentityMap: true });
      const leftMs = giveUpAt - performance.now();
      const over = cycle?.endedAt != null || leftMs <= 0;
      await rung(over ? 0 : Math.min(leftMs, LOOK_EVERY_MS), signal);
      if (over) return cycle?.endedAt == null ? undefined : cycle;
    }
  }

  async forgetEndedBefore(instant: Date): Promise<void> {
    await this.database.em().nativeDelete(RequestedCycle, { endedAt: { $lt: instant } });
  }
}
