import type { ServerResponse } from 'node:http';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Caller, Problem, type Recorded } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import { EVENT_STORE, GITHUB_URL } from '../dashboard.tokens.js';
import { lastEventIdInvalid } from '../event-stream/last-event-id.js';
import { FleetView } from '../fleet/fleet-view.js';
import type { RunnerFact } from '../fleet/runner-after.js';
import { type FeedEvent, feedEvents } from './feed-event.js';
import { FeedStream } from './feed-stream.js';
import { PastFacts } from './past-facts.js';
import { RecentBatches } from './recent-batches.js';
import { tokenEnd } from './token-end.js';

/** Facts that are told from memory: a few seconds of a busy day. */
const RECENT = 2_000;

const isAboutRunner = (fact: Recorded): fact is RunnerFact => fact.stream.startsWith('runner-');

/** All that happens to runners, told to those who may see them. However many listen, the log is followed once. */
@Injectable()
export class RunnerFeed implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('feed');
  private readonly streams = new Set<FeedStream>();
  private readonly recent = new RecentBatches(RECENT);
  private readonly past: PastFacts;
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly fleet: FleetView,
    @Inject(EVENT_STORE) private readonly log: EventStore,
    @Inject(GITHUB_URL) private readonly githubUrl: string,
  ) {
    this.past = new PastFacts(log, fleet, githubUrl);
  }

  onModuleInit(): void {
    this.stopListening = [
      this.fleet.onChange((facts) => this.goOn(facts)),
      this.fleet.onResumed(() => this.beginAnew()),
    ];
  }

  /** Before the server closes: it waits for open connections. */
  onModuleDestroy(): void {
    for (const stop of this.stopListening) stop();
    for (const stream of this.streams) stream.end();
  }

  /**
   * Where a caller's reading begins: after what they have seen last, else after all there is now.
   * @throws Problem of the caller, request-invalid, event-store-unavailable, service-unavailable
   */
  async beginningFor(caller: Caller, lastSeen: bigint | undefined): Promise<bigint> {
    await this.fleet.principalOf(caller);
    const end = await this.log.end();
    if (lastSeen === undefined) return end;
    if (lastSeen > end) throw lastEventIdInvalid('is beyond the end of the log: it was never handed out');
    return lastSeen === 0n ? -1n : lastSeen;
  }

  open(out: ServerResponse, caller: Caller, after: bigint): void {
    const expiry = tokenEnd(caller, () => stream.end());
    const stream = new FeedStream(out, {
      caller,
      after,
      judge: () => this.fleet.principalOf(caller),
      next: async (position, principal, signal) => {
        if (position >= this.recent.from) return this.recent.after(position);
        return this.past.read({ after: position, upTo: this.recent.from, principal, signal });
      },
      onEnd: (error) => {
        clearTimeout(expiry);
        this.streams.delete(stream);
        if (error && !(error instanceof Problem)) this.logger.warn({ err: error }, 'a feed has ended');
      },
    });
    this.streams.add(stream);
  }

  private goOn(facts: readonly Recorded[]): void {
    const rowsHold = this.fleet.position();
    const { upTo: before } = this.recent;
    const untold = facts.filter(isAboutRunner);
    const fresh = untold.filter(({ position }) => position > before && position <= rowsHold);
    const last = facts.at(-1)?.position ?? before;
    const upTo = last < rowsHold ? last : rowsHold;
    if (upTo > before) this.recent.add({ events: this.once(fresh), upTo }, fresh.length);
    for (const stream of this.streams) {
      if (untold.length < facts.length) stream.rejudge();
      if (fresh.length > 0) stream.touch();
    }
  }

  /** What other replicas have put into the rows meanwhile is in the log alone. */
  private beginAnew(): void {
    this.recent.beginAt(this.fleet.position());
    for (const stream of this.streams) {
      stream.rejudge();
      stream.touch();
    }
  }

  /** The rows are looked at once for all who listen, when the first of them wants to know. */
  private once(facts: readonly RunnerFact[]): () => Promise<readonly FeedEvent[]> {
    const { githubUrl } = this;
    let events: Promise<readonly FeedEvent[]> | undefined;
    return () => {
      events ??= this.fleet
        .read((em) => feedEvents(em, facts, { githubUrl }))
        .catch((error: unknown) => {
          events = undefined;
          throw error;
        });
      return events;
    };
  }
}
