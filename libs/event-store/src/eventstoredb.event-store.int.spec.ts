import { startEmbeddedEventStore } from '../../embedded-event-store/src/index.js';
import { eventStoreContract } from './event-store.contract.js';
import { eventStoreDb } from './eventstoredb.event-store.js';

const { EVENTSTORE_URL } = process.env;

/** Against the embedded store, or against the server named in EVENTSTORE_URL. */
eventStoreContract('the event store behind the official client', async () => {
  if (EVENTSTORE_URL) {
    const store = eventStoreDb(EVENTSTORE_URL);
    return { store, close: () => store.close() };
  }
  const server = await startEmbeddedEventStore({ host: '127.0.0.1', port: 0, file: ':memory:' });
  const store = eventStoreDb(server.connectionString);
  return {
    store,
    close: async () => {
      await store.close();
      await server.stop();
    },
  };
});
