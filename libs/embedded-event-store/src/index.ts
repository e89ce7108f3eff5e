export { type BackupContent, checkBackup } from './backup/check-backup.js';
export { claimBackup } from './backup/claim-backup.js';
export { restoreBackup } from './backup/restore-backup.js';
export {
  type EmbeddedEventStore,
  type EmbeddedEventStoreOptions,
  startEmbeddedEventStore,
} from './server/start-embedded-event-store.js';
export { EventFileError } from './storage/event-file.error.js';
