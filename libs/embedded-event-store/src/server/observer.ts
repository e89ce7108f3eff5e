import type { CommittedGroup } from '../appending/write-queue.js';
import type { CallObserver } from '../protocol/event-store-context.js';

/** Hears what the server does, for metrics, logs and readiness. */
export interface EventStoreObserver extends CallObserver {
  committed(group: CommittedGroup): void;
  /** @param lasting nothing will be written any more until the next start */
  writeFailed(error: Error, lasting: boolean): void;
}

const nothing = (): void => undefined;

export const NO_OBSERVER: EventStoreObserver = {
  committed: nothing,
  writeFailed: nothing,
  subscriptionOpened: nothing,
  subscriptionClosed: nothing,
  eventDelivered: nothing,
  unexpected: nothing,
};
