import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { AllStreamSubscription, ResolvedEvent } from '@eventstore/db-client';
import type { Recorded } from '#libs/contracts';

/** Facts handed over at once at most. */
export const BATCH = 500;
/** While there is a past to catch up with, a batch is given this long to become full. */
const FILLING_MS = 25;
const STEP_MS = 2;

/**
 * What there is by now, in the order of the log. Rows are written in one go without the event loop getting a turn,
 * so without these pauses a batch would be the one event that came between two writes.
 * @param goesOn whether there is a past yet to come
 */
export const takeBatch = async (
  subscription: AllStreamSubscription,
  goesOn: () => boolean,
): Promise<ResolvedEvent[]> => {
  if (subscription.readableLength === 0) return [];
  const giveUpAt = performance.now() + FILLING_MS;
  while (subscription.readableLength < BATCH && goesOn() && performance.now() < giveUpAt)
    await sleep(STEP_MS);
  for (let before = -1; before < subscription.readableLength && subscription.readableLength < BATCH; ) {
    before = subscription.readableLength;
    await setImmediate();
  }
  const batch: ResolvedEvent[] = [];
  while (batch.length < BATCH) {
    const resolved: ResolvedEvent | null = subscription.read();
    if (resolved === null) break;
    batch.push(resolved);
  }
  return batch;
};

/** The facts before the first one that cannot be read, and why that one cannot. */
export const readUntilUnreadable = (
  batch: readonly ResolvedEvent[],
  toRecorded: (resolved: ResolvedEvent) => Recorded,
): { facts: readonly Recorded[]; unreadable?: unknown } => {
  const facts: Recorded[] = [];
  for (const resolved of batch) {
    try {
      facts.push(toRecorded(resolved));
    } catch (error) {
      return { facts, unreadable: error };
    }
  }
  return { facts };
};
