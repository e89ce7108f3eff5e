import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AllStreamSubscription,
  type EventStoreDBClient,
  type ResolvedEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import type { FollowOptions } from './event-store.port.js';
import { Flow } from './flow.js';
import { BATCH, takeBatch } from './take-batch.js';

/** What a subscription brings next. */
export type Arrival =
  /** `lookedThrough` = how far the server has looked, where that is beyond the batch. */
  | { kind: 'events'; batch: readonly ResolvedEvent[]; lookedThrough: bigint | undefined }
  | { kind: 'caught up' }
  | { kind: 'broken'; error: unknown }
  | { kind: 'stopped' };

/** One subscription to `$all` by stream prefix, taken from batch by batch. */
export class LogSubscription {
  private readonly subscription: AllStreamSubscription;
  private readonly signal: AbortSignal;
  private readonly flow = new Flow();
  private readonly wake = new EventTarget();
  private readonly wakeUp = () => this.wake.dispatchEvent(new Event('wake'));
  /** How far the server has looked through the log; counts once all it sent before has been taken. */
  private checkpoint: bigint | undefined;
  private confirmedAt: number | undefined;
  private broken: { error: unknown } | undefined;
  /** The end of the log has been reached once. */
  private live = false;
  private untoldCaughtUp = false;

  constructor(
    client: EventStoreDBClient,
    { prefixes, after, signal }: Pick<FollowOptions, 'prefixes' | 'after' | 'signal'>,
  ) {
    this.signal = signal;
    this.subscription = client.subscribeToAll(
      {
        fromPosition: after === undefined ? START : { commit: after, prepare: after },
        filter: streamNameFilter({
          prefixes: [...prefixes],
          maxSearchWindow: 500,
          checkpointReached: async (_, position) => {
            this.checkpoint = position.commit;
            this.wakeUp();
          },
        }),
      },
      { highWaterMark: BATCH },
    );
    this.subscription.on('readable', this.wakeUp);
    this.subscription.on('confirmation', () => {
      this.confirmedAt = performance.now();
    });
    this.subscription.on('caughtUp', () => {
      this.live = true;
      this.untoldCaughtUp = true;
      this.wakeUp();
    });
    this.subscription.on('error', (error) => this.fail(error));
    this.subscription.on('end', () => this.fail(new Error('the subscription ended')));
    this.subscription.on('close', () => this.fail(new Error('the subscription was closed')));
    signal.addEventListener('abort', this.wakeUp);
  }

  /** How long the server has been answering. */
  get carriedMs(): number {
    return this.confirmedAt === undefined ? 0 : performance.now() - this.confirmedAt;
  }

  /** Waits for it. What was brought before has been handled when this is called. */
  async next(): Promise<Arrival> {
    while (!this.signal.aborted) {
      await this.rest();
      const batch = await takeBatch(this.subscription, () => !this.live && this.goesOn);
      const drained = this.subscription.readableLength === 0;
      const lookedThrough = drained ? this.checkpoint : undefined;
      if (batch.length > 0 || lookedThrough !== undefined) {
        if (drained) this.checkpoint = undefined;
        return { kind: 'events', batch, lookedThrough };
      }
      // what happened while the batch was taken has woken nobody
      if (!drained || this.signal.aborted) continue;
      if (this.broken) return { kind: 'broken', error: this.broken.error };
      if (this.untoldCaughtUp) {
        this.untoldCaughtUp = false;
        return { kind: 'caught up' };
      }
      await once(this.wake, 'wake');
    }
    return { kind: 'stopped' };
  }

  /** A batch with facts is in the rows. */
  handled(): void {
    this.flow.handled();
  }

  async close(): Promise<void> {
    this.signal.removeEventListener('abort', this.wakeUp);
    await this.subscription.unsubscribe().catch(() => {});
  }

  private get goesOn(): boolean {
    return !this.broken && !this.signal.aborted;
  }

  /** In a flow of facts the next batch is left to grow. */
  private async rest(): Promise<void> {
    const waiting = this.subscription.readableLength;
    if (!this.live || !this.goesOn || waiting === 0 || waiting >= BATCH) return;
    const restMs = this.flow.restMs();
    if (restMs > 0) await sleep(restMs, undefined, { signal: this.signal }).catch(() => {});
  }

  private fail(error: unknown): void {
    this.broken ??= { error };
    this.wakeUp();
  }
}
