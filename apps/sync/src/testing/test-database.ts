import { openDatabase } from '#libs/read-model';
import { syncEntities, syncMigrations } from '../sync.tables.js';

/** Sync's tables at an address as `DATABASE_URL` would hold it. */
export const openTestDatabase = (databaseUrl: string) =>
  openDatabase({
    app: 'sync',
    databaseUrl,
    dataDir: 'not used',
    entities: syncEntities,
    migrations: syncMigrations,
  });
