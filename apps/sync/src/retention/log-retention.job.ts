import { type Recorded, type Scope, streams } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import { type Database, readCheckpoint, saveCheckpoint } from '#libs/read-model';
import { BackOff } from '#libs/runtime';
import { pause } from '../scheduling/pause.js';
import { repeat } from '../scheduling/repeat.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import { Turns } from '../scheduling/turns.js';

/** What of sync's own streams is kept in the log. */
export type LogRetention = { deliverySeconds: number; cycleEvents: number };

export type LogRetentionParts = {
  store: Pick<EventStore, 'follow' | 'retain'>;
  database: Database;
  scope: Scope;
  retention: LogRetention;
  logger: JobLog;
  /** Between two looks at what has been delivered. */
  everyMs?: number;
};

const CHECKPOINT = 'delivery-retention';
const PREFIXES = ['githubDelivery-'];
/** Few enough not to be in the way of deliveries that are being recorded. */
const AT_A_TIME = 4;
const CYCLES_EVERY_MS = 60 * 60 * 1000;
/** A burst of deliveries is over by then, and has the machine to itself. */
const DELIVERIES_EVERY_MS = 10 * 60 * 1000;
const IDLE_CHECKPOINT_MS = 5_000;

/**
 * Lets the store forget: old renewals of the lease, and deliveries that are older than anybody asks for. It comes
 * after the deliveries in its own time, because GitHub waits for them to be recorded and for nothing else.
 */
export class LogRetentionJob {
  private readonly trouble: Trouble;
  private readonly backOff = new BackOff({ leastMs: 500, mostMs: 10_000 });
  private savedAt = 0;

  constructor(private readonly parts: LogRetentionParts) {
    this.trouble = new Trouble(parts.logger, 'telling the store what it may forget');
  }

  /** Until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.cycles(signal), this.deliveries(signal)]);
  }

  private cycles(signal: AbortSignal): Promise<void> {
    const { store, scope, retention } = this.parts;
    return repeat({ everyMs: CYCLES_EVERY_MS, signal }, () =>
      this.untilItWorks(signal, () =>
        store.retain(streams.syncCycle(scope), { maxCount: retention.cycleEvents }),
      ),
    );
  }

  private deliveries(signal: AbortSignal): Promise<void> {
    const { everyMs = DELIVERIES_EVERY_MS } = this.parts;
    return repeat({ everyMs, signal }, () => this.untilItWorks(signal, () => this.catchUp(signal)));
  }

  private async catchUp(signal: AbortSignal): Promise<void> {
    const { store, database } = this.parts;
    const { position } = await readCheckpoint(database, CHECKPOINT);
    const caughtUp = new AbortController();
    await store.follow({
      prefixes: PREFIXES,
      after: position < 0n ? undefined : position,
      onFacts: (facts, upTo) => this.expire(facts, upTo, signal),
      onCaughtUp: () => caughtUp.abort(),
      signal: AbortSignal.any([signal, caughtUp.signal]),
    });
  }

  /** Again after a crash, perhaps: a stream that is told the same twice stays as it is. */
  private async expire(facts: readonly Recorded[], position: bigint, signal: AbortSignal): Promise<void> {
    const { store, database, retention } = this.parts;
    const turns = new Turns(AT_A_TIME);
    const first = facts.filter(({ revision }) => revision === 0n);
    await Promise.all(
      first.map(({ stream }) =>
        turns.run(async () => {
          if (!signal.aborted) await store.retain(stream, { maxAgeSeconds: retention.deliverySeconds });
        }),
      ),
    );
    if (signal.aborted) return;
    if (first.length === 0 && Date.now() - this.savedAt < IDLE_CHECKPOINT_MS) return;
    await saveCheckpoint(database, CHECKPOINT, position);
    this.savedAt = Date.now();
    this.trouble.over();
    this.backOff.reset();
  }

  private async untilItWorks(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      try {
        return await work();
      } catch (error) {
        this.trouble.met(error);
        await pause(this.backOff.nextMs(), signal);
      }
    }
  }
}
