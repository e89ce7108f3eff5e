import { type EventStoreDBClient, FORWARDS } from '@eventstore/db-client';
import type { Place } from './event-store.port.js';

const TIMEOUT_MS = 8_000;

/** The facts, of those seen before, that the log does not hold any more. */
export const lostOf = async (client: EventStoreDBClient, seen: readonly Place[]): Promise<Place[]> => {
  const lost: Place[] = [];
  for (const place of seen) if (!(await isThere(client, place))) lost.push(place);
  return lost;
};

/** A gap proves nothing: an event that has expired may have been removed. Another event, or the log's end, do. */
const isThere = async (client: EventStoreDBClient, { position, id }: Place): Promise<boolean> => {
  const found = client.readAll({
    fromPosition: { commit: position, prepare: position },
    direction: FORWARDS,
    maxCount: 1,
  });
  const timer = setTimeout(() => found.destroy(new Error('the store does not answer')), TIMEOUT_MS);
  try {
    let there = false;
    // read to its end: closing the client waits for ever for a read that was left half-way
    for await (const { event, commitPosition } of found) {
      there = commitPosition !== position || event?.id === id;
    }
    return there;
  } finally {
    clearTimeout(timer);
  }
};
