export {
  type EmbeddedEventStore,
  type EmbeddedEventStoreOptions,
  startEmbeddedEventStore,
} from './server/start-embedded-event-store.js';
export { EventFileError } from './storage/event-file.error.js';
