export type { Decider } from './decider.js';
export { type EventCodec, eventCodec, factCodec, UnreadableEvent } from './event-codec.js';
export { eventIdOf, idFromWords } from './event-id.js';
export {
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  LogRolledBack,
  type NewEvent,
  type NewMetadata,
  type Place,
  type Retention,
  RevisionConflict,
} from './event-store.port.js';
export { eventStoreDb } from './eventstoredb.event-store.js';
export { type CommandOptions, type Handled, handleCommand, type Loaded, load } from './handle-command.js';
export { inMemoryEventStore } from './in-memory.event-store.js';
