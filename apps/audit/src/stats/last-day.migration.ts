import type { MigrationDefinition } from '#libs/read-model';

/**
 * What the counts of the last day need of a record, so that no record is read for them. Every record is in these
 * indexes, and yet they are partial, for the counts alone: a search by time would take one and sort all it finds,
 * where reading the newest records in their order finds a page at once.
 */
export const lastDayMigration: MigrationDefinition = {
  name: 'last-day-1',
  up: () => [
    'create index audit_record_last_day on audit_record (recorded_at, position, success) where position >= 0',
    'create index security_event_last_day on security_event (recorded_at, position, severity) where position >= 0',
  ],
};
