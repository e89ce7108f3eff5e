import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#libs/read-model';
import { trackingMigration } from '../tracking/tracking.migration.js';
import { trackingEntities } from '../tracking/tracking.projection.js';

/** Sync's tables, empty; in a folder of their own unless an address is given. */
export const openTestDatabase = async (databaseUrl?: string): Promise<Database> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rts-sync-'));
  const database = await openDatabase({
    app: 'sync',
    databaseUrl,
    dataDir,
    entities: trackingEntities,
    migrations: [trackingMigration],
  });
  return {
    ...database,
    close: async () => {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
