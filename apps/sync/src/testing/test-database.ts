import { openDatabase } from '#libs/read-model';
import { trackingLabelsMigration, trackingMigration } from '../tracking/tracking.migration.js';
import { trackingEntities } from '../tracking/tracking.projection.js';

/** Sync's tables at an address as `DATABASE_URL` would hold it. */
export const openTestDatabase = (databaseUrl: string) =>
  openDatabase({
    app: 'sync',
    databaseUrl,
    dataDir: 'not used',
    entities: trackingEntities,
    migrations: [trackingMigration, trackingLabelsMigration],
  });
