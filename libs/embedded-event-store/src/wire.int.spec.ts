import { startEmbeddedEventStore } from './index.js';
import { connect, type ServerUnderTest } from './testing/server-under-test.js';
import { wireContract } from './wire.contract.js';

/** A real EventStoreDB to hold to the same contract: `esdb://127.0.0.1:2113?tls=false`. */
const REAL_SERVER = process.env.EVENTSTORE_URL;

describe(REAL_SERVER ? 'EventStoreDB, by its wire' : 'the embedded event store, by its wire', () => {
  let server: ServerUnderTest;
  let stop: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    if (REAL_SERVER) {
      server = connect(REAL_SERVER, false);
      return;
    }
    const store = await startEmbeddedEventStore({ file: ':memory:' });
    stop = store.stop;
    server = connect(store.connectionString, true);
  });

  afterAll(async () => {
    await server.dispose();
    await stop();
  });

  wireContract(() => server);
});
