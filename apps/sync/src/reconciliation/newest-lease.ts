import { type Scope, streams } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';

/** The lease as it was last taken or renewed. */
export type RecordedLease = {
  observer: string;
  term: number;
  takenAt: string;
  leaseExpiresAt: string;
  revision: bigint;
};

/** Older logs hold records of cycles between the leases. */
const TAIL = 100;

/** Whose turn it is, and what an append to the stream of leases has to expect. */
export const newestLease = async (
  store: Pick<EventStore, 'readBackwards'>,
  scope: Scope,
): Promise<{ lease: RecordedLease | undefined; revision: bigint | 'no_stream' }> => {
  const newestFirst = await store.readBackwards(streams.syncCycle(scope), TAIL);
  const last = newestFirst.find(({ type }) => type === 'SyncLeaseTaken');
  const lease = last && { ...(last.data as Omit<RecordedLease, 'revision'>), revision: last.revision };
  return { lease, revision: newestFirst[0]?.revision ?? 'no_stream' };
};
