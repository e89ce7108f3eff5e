import type { ResolvedEvent } from './resolved-event.js';

/**
 * Where a read or a subscription delivers to. A promise means: wait for it before sending more, the reader
 * is slow. It settles as well when the call is over; look at `signal` then.
 */
export interface ReadSink {
  /** Aborted when the reader is gone or the server stops. */
  readonly signal: AbortSignal;
  event(event: ResolvedEvent): Promise<void> | undefined;
  streamNotFound(streamName: string): Promise<void> | undefined;
  /** The first revision there is, where it is not the one asked for. */
  firstStreamPosition(revision: number): Promise<void> | undefined;
  lastStreamPosition(revision: number): Promise<void> | undefined;
  confirmation(subscriptionId: string): Promise<void> | undefined;
  /** Everything up to this position was considered. */
  checkpoint(position: number): Promise<void> | undefined;
  caughtUp(): Promise<void> | undefined;
}
