import { eventStoreContract } from './event-store.contract.js';
import { inMemoryEventStore } from './in-memory.event-store.js';

eventStoreContract('the in-memory event store', async () => {
  const store = inMemoryEventStore();
  return { store, close: () => store.close() };
});
