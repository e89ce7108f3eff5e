import type { WriteQueue } from '../appending/write-queue.js';
import type { LiveLog } from '../subscriptions/live-log.js';
import type { OpenCalls } from './open-calls.js';

/** What the handlers of the calls work with. */
export interface EventStoreContext {
  readonly live: LiveLog;
  readonly writes: WriteQueue;
  readonly calls: OpenCalls;
  readonly observer: CallObserver;
  /** Bytes one append may have. */
  readonly maxAppendSize: number;
  /** Once it stops it takes nothing new. */
  stopping(): boolean;
}

/** Hears what the calls do, for metrics and logs. */
export interface CallObserver {
  subscriptionOpened(): void;
  subscriptionClosed(): void;
  eventDelivered(): void;
  /** Something no client can have caused. */
  unexpected(error: unknown): void;
}
