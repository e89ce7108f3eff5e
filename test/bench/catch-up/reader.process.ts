import { EventStoreDBClient, START } from '@eventstore/db-client';
import { eventStoreDb } from '#libs/event-store';
import { answer } from '../processes/worker.js';

/** Reads the log from its beginning through a catch-up subscription until it has so many facts. */
export type ReadTask = { kind: 'client' | 'service'; eventStoreUrl: string; count: number };

/** With the official client and nothing behind it. */
const withClient = async (client: EventStoreDBClient, count: number): Promise<void> => {
  const subscription = client.subscribeToAll({ fromPosition: START });
  let read = 0;
  await new Promise<void>((resolve, reject) => {
    subscription.on('data', () => {
      if (++read === count) resolve();
    });
    subscription.once('error', reject);
  });
  await subscription.unsubscribe();
};

/** As our views do: filtered, in batches, every fact checked against its schema. */
const asService = async (log: ReturnType<typeof eventStoreDb>, count: number): Promise<void> => {
  const enough = new AbortController();
  let read = 0;
  await log.follow({
    prefixes: ['runner-', 'team-', 'user-'],
    onFacts: async (facts) => {
      read += facts.length;
      if (read >= count) enough.abort();
    },
    signal: enough.signal,
  });
};

answer<ReadTask, { perSecond: number }>(async ({ kind, eventStoreUrl, count }) => {
  const startedAt = performance.now();
  if (kind === 'client') {
    const client = EventStoreDBClient.connectionString(eventStoreUrl);
    await withClient(client, count);
    await client.dispose();
  } else {
    const log = eventStoreDb(eventStoreUrl);
    await asService(log, count);
    await log.close();
  }
  return { perSecond: (1000 * count) / (performance.now() - startedAt) };
});
