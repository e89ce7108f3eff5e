import { streams } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import type { Bus } from '#libs/messaging';
import type { Database } from '#libs/read-model';
import { Health, VERSION } from '#libs/runtime';
import type { Installation } from './sync.config.js';
import type { SyncWork } from './sync-work.js';

const BUS_TIMEOUT_MS = 2_000;

/** Without these sync cannot do its work; a provisioner that is away is waited for. */
export const syncHealth = (
  store: Pick<EventStore, 'readBackwards'>,
  database: Pick<Database, 'ping'>,
  bus: Pick<Bus, 'ping'>,
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
  health.register('bus', async () => {
    await bus.ping(BUS_TIMEOUT_MS);
    return { status: 'up' };
  });
  return health;
};
