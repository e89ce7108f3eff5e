import { randomUUID } from 'node:crypto';
import { type Scope, type SyncCycleEvent, streams, syncCycleEvent } from '#libs/contracts';
import { type EventStore, RevisionConflict } from '#libs/event-store';
import { pause } from '../scheduling/pause.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import { newestLease, type RecordedLease } from './newest-lease.js';

export type LeaseOptions = {
  store: EventStore;
  scope: Scope;
  logger: JobLog;
  /** Told when this process becomes, and ceases to be, the one that holds the lease. */
  onHeld?: (held: boolean) => void;
  /** Id of this process. */
  observer?: string;
  /** How long a lease lasts without being renewed; a dead holder is replaced after at most this and a second. */
  durationMs?: number;
};

/** What is done under a lease ends with it. */
export type Tenure = {
  observer: string;
  /** Number of the lease: what an older one saw is stale. */
  term: number;
  signal: AbortSignal;
};

type Held = { term: number; revision: bigint; expiresAt: number };

/** A holder killed the moment it has renewed is replaced within 10 s, with seconds to spare on a busy machine. */
const DURATION_MS = 6_000;
const RETRY_MS = 500;
/** A holder that ends in order gives the lease up early, which others notice by looking. */
const LOOK_EVERY_MS = 1_000;

/**
 * One process at a time looks after GitHub. Whoever appends the next `SyncLeaseTaken` expecting the revision it has
 * read holds the lease, so two can never both have got it. It is renewed under the same term, taken over under the
 * next one.
 */
export class Lease {
  readonly observer: string;
  private readonly stream: string;
  private readonly durationMs: number;
  private readonly trouble: Trouble;
  private held: Held | undefined;
  /** Somebody else's newest lease, and since when it has been known here. */
  private others: { revision: bigint; seenAt: number } | undefined;

  constructor(private readonly options: LeaseOptions) {
    this.observer = options.observer ?? randomUUID();
    this.durationMs = options.durationMs ?? DURATION_MS;
    this.stream = streams.syncCycle(options.scope);
    this.trouble = new Trouble(options.logger, 'keeping the lease of polling');
  }

  /**
   * Contends for the lease until the signal is aborted, and does the duty whenever it holds it. The duty ends when
   * the tenure's signal is aborted: the lease is over then, or about to be given up.
   */
  async run(signal: AbortSignal, duty: (tenure: Tenure) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await this.tryToTake();
      if (waitMs > 0) await pause(waitMs, signal);
      else await this.hold(signal, duty);
    }
  }

  /** 0 = taken; else how long to wait before trying again. */
  private async tryToTake(): Promise<number> {
    try {
      const newest = await newestLease(this.options.store, this.options.scope);
      const remainingMs = newest.lease ? this.remainingMs(newest.lease) : 0;
      if (remainingMs > 0) return Math.min(remainingMs, LOOK_EVERY_MS);
      await this.take((newest.lease?.term ?? 0) + 1, newest.revision, Date.now() + this.durationMs);
      this.trouble.over();
      return 0;
    } catch (error) {
      if (!(error instanceof RevisionConflict)) this.trouble.met(error);
      return error instanceof RevisionConflict ? 1 : RETRY_MS;
    }
  }

  /** Clocks differ: a lease that has been seen for as long as it is good for is over, whatever it says. */
  private remainingMs({ revision, observer, takenAt, leaseExpiresAt }: RecordedLease): number {
    if (observer === this.observer) return 0;
    if (this.others?.revision !== revision) this.others = { revision, seenAt: performance.now() };
    const durationMs = Date.parse(leaseExpiresAt) - Date.parse(takenAt);
    const seenForMs = performance.now() - this.others.seenAt;
    return Math.min(Date.parse(leaseExpiresAt) - Date.now(), durationMs - seenForMs);
  }

  private async hold(signal: AbortSignal, duty: (tenure: Tenure) => Promise<void>): Promise<void> {
    const tenure = new AbortController();
    const end = () => tenure.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    this.options.onHeld?.(true);
    const { observer } = this;
    const work = duty({ observer, term: this.held?.term ?? 0, signal: tenure.signal }).catch((error) =>
      this.options.logger.error({ err: error }, 'looking after GitHub has failed'),
    );
    try {
      while (!tenure.signal.aborted) {
        await pause(this.durationMs * 0.6, tenure.signal);
        if (!tenure.signal.aborted && !(await this.renew())) end();
      }
    } finally {
      signal.removeEventListener('abort', end);
      await work;
      this.options.onHeld?.(false);
    }
    if (signal.aborted) await this.giveUp();
    this.held = undefined;
  }

  /** False: the lease is another's, or could not be renewed while it lasted. */
  private async renew(): Promise<boolean> {
    if (this.held === undefined) return false;
    try {
      await this.take(this.held.term, this.held.revision, this.held.expiresAt);
      return true;
    } catch (error) {
      this.trouble.met(error);
      return false;
    }
  }

  /** A lease that ends as it begins. Should it not get through, the lease simply runs out. */
  private async giveUp(): Promise<void> {
    if (this.held === undefined) return;
    const now = Date.now();
    const ended = this.leaseTaken(this.held.term, now, now);
    await this.append(ended, this.held.revision, now + 1_000).catch((error) => this.trouble.met(error));
  }

  private async take(term: number, expected: bigint | 'no_stream', deadline: number): Promise<void> {
    const now = Date.now();
    const expiresAt = now + this.durationMs;
    const revision = await this.append(this.leaseTaken(term, now, expiresAt), expected, deadline);
    this.held = { term, revision, expiresAt };
  }

  private leaseTaken(term: number, takenAt: number, expiresAt: number): SyncCycleEvent {
    return syncCycleEvent('SyncLeaseTaken')({
      scope: this.options.scope,
      observer: this.observer,
      term,
      takenAt: new Date(takenAt).toISOString(),
      leaseExpiresAt: new Date(expiresAt).toISOString(),
    });
  }

  private async append(
    event: SyncCycleEvent,
    expected: bigint | 'no_stream',
    deadline: number,
  ): Promise<bigint> {
    const id = randomUUID();
    const metadata = {
      $correlationId: this.observer,
      $causationId: this.observer,
      actor: { kind: 'service' as const, app: 'sync' },
    };
    const { store } = this.options;
    const { revision } = await store.append(this.stream, [{ ...event, id, metadata }], expected, {
      deadline,
    });
    return revision;
  }
}
