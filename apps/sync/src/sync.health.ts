import { streams } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import type { Database } from '#libs/read-model';
import { Health, VERSION } from '#libs/runtime';
import type { Installation } from './sync.config.js';
import type { SyncWork } from './sync-work.js';

/** Beside the bus, which whoever opens the doors looks at: sync cannot work without these. A provisioner may be away. */
export const syncHealth = (
  store: Pick<EventStore, 'readBackwards'>,
  database: Pick<Database, 'ping'>,
  work: Pick<SyncWork, 'health'>,
  { scope }: Installation,
): Health => {
  const health = new Health(VERSION);
  health.register('event-store', async () => {
    await store.readBackwards(streams.syncCycle(scope), 1);
    return work.health();
  });
  health.register('database', async () => {
    await database.ping();
    return { status: 'up' };
  });
  return health;
};
