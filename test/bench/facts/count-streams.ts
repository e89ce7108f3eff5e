import { EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';

/** How many streams of the log begin with the prefix. */
export const countStreams = async (eventStoreUrl: string, prefix: string): Promise<number> => {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const streams = new Set<string>();
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: [prefix] }) });
  const caughtUp = new Promise<void>((resolve, reject) => {
    subscription.once('caughtUp', () => resolve());
    subscription.once('error', reject);
  });
  subscription.on('data', ({ event }) => {
    if (event) streams.add(event.streamId);
  });
  try {
    await caughtUp;
    // what was sent before the word that it was all
    await new Promise((resolve) => setImmediate(resolve));
    return streams.size;
  } finally {
    await subscription.unsubscribe();
    await client.dispose();
  }
};
