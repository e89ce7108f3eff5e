import { may, type Principal } from '#libs/access';
import { Problem, type Recorded } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import type { FleetView } from '../fleet/fleet-view.js';
import type { RunnerRow } from '../fleet/runner.entity.js';
import type { RunnerFact } from '../fleet/runner-after.js';
import type { FeedBatch } from './feed-batch.js';
import { type FeedEvent, feedEvents } from './feed-event.js';
import { Turns } from './turns.js';

/** Held for one reader at a time, however slowly they are taken. */
const ENOUGH = 100;
/** Readings of the log at a time; after a restart all readers come at once. */
const AT_A_TIME = 4;

export type PastSearch = {
  /** Log position, exclusive; negative = from the beginning. */
  after: bigint;
  /** Log position, inclusive; the rows hold all up to there. */
  upTo: bigint;
  principal: Principal;
  signal: AbortSignal;
};

/** What happened before anybody here was told of it, read from the log for one reader. */
export class PastFacts {
  private readonly turns = new Turns(AT_A_TIME);

  constructor(
    private readonly log: EventStore,
    private readonly fleet: FleetView,
    private readonly githubUrl: string,
  ) {}

  /**
   * The next of it that this principal may see; with fewer than enough it goes all the way.
   * @throws Problem event-store-unavailable, service-unavailable
   */
  read(search: PastSearch): Promise<FeedBatch> {
    return this.turns.take(search.signal, () => this.readNow(search));
  }

  private async readNow({ after, upTo, principal, signal }: PastSearch): Promise<FeedBatch> {
    const { githubUrl } = this;
    const isTold = (runner: RunnerRow) => may(principal, 'runner.see', runner);
    const done = new AbortController();
    const found: FeedEvent[] = [];
    let reached = after;
    let broken: { error: unknown } | undefined;
    const stop = (at: bigint) => {
      reached = at;
      done.abort();
    };

    const onFacts = async (facts: readonly Recorded[], position: bigint) => {
      const wanted = facts.filter((fact) => fact.position <= upTo) as RunnerFact[];
      found.push(...(await this.fleet.read((em) => feedEvents(em, wanted, { githubUrl, isTold }))));
      reached = position;
      const last = found[ENOUGH - 1];
      if (last) stop(last.position);
      else if (position >= upTo) stop(upTo);
    };
    await this.log.follow({
      prefixes: ['runner-'],
      after: after < 0n ? undefined : after,
      onFacts,
      onCaughtUp: () => stop(upTo),
      onInterrupted: (error) => {
        broken = { error };
        done.abort();
      },
      signal: AbortSignal.any([signal, done.signal]),
    });
    signal.throwIfAborted();
    if (broken) throw unreadable(broken.error);
    const events = found.slice(0, ENOUGH);
    return { events: async () => events, upTo: reached };
  }
}

const unreadable = (cause: unknown) =>
  new Problem('event-store-unavailable', 'The event store cannot be read. Try again in a few seconds.', {
    retryAfterSeconds: 2,
    cause,
  });
