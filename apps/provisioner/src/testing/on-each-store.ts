import { afterEach, beforeEach, describe } from '@jest/globals';
import { type EventStore, eventStoreDb, inMemoryEventStore } from '#libs/event-store';
import { startEmbeddedEventStore } from '../../../../libs/embedded-event-store/src/index.js';

/** The same suite on the log as an array and on the embedded store behind the official client. */
export const onEachStore = (name: string, define: (store: () => EventStore) => void): void => {
  describe(`${name}, in memory`, () => define(inMemoryEventStore));

  describe(`${name}, in the embedded store`, () => {
    let store: EventStore;
    let stop: () => Promise<void>;
    beforeEach(async () => {
      const server = await startEmbeddedEventStore({ host: '127.0.0.1', port: 0, file: ':memory:' });
      store = eventStoreDb(server.connectionString);
      stop = async () => {
        await store.close();
        await server.stop();
      };
    });
    afterEach(() => stop());
    define(() => store);
  });
};
