import type { CommittedGroup } from '../appending/write-queue.js';
import type { CallObserver } from '../protocol/event-store-context.js';
import type { ScavengeListener } from '../scavenging/scavenger.js';

/** Hears what the server does, for metrics, logs and readiness. */
export interface EventStoreObserver extends CallObserver, ScavengeListener {
  committed(group: CommittedGroup): void;
  /** @param lasting nothing will be written any more until the next start */
  writeFailed(error: Error, lasting: boolean): void;
}

const nothing = (): void => undefined;

export const NO_OBSERVER: EventStoreObserver = {
  committed: nothing,
  writeFailed: nothing,
  scavenged: nothing,
  scavengeFailed: nothing,
  subscriptionOpened: nothing,
  subscriptionClosed: nothing,
  eventDelivered: nothing,
  unexpected: nothing,
};
