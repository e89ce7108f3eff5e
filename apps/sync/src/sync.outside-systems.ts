import { Logger, type Provider } from '@nestjs/common';
import { eventStoreDb } from '#libs/event-store';
import { createAppHook, createGithub, isCounted, type OnCall, publishBudget } from '#libs/github';
import { Bus, natsBus } from '#libs/messaging';
import { openDatabase } from '#libs/read-model';
import { PollingCredit } from './reconciliation/polling-credit.js';
import { githubOptions, type SyncConfig } from './sync.config.js';
import { SyncMetrics } from './sync.metrics.js';
import { syncEntities, syncMigrations } from './sync.tables.js';
import { APP_HOOK, DATABASE, EVENT_STORE, GITHUB } from './sync.tokens.js';

/** The log, GitHub, the database and the bus. */
export const outsideSystems = (config: SyncConfig): Provider[] => [
  { provide: EVENT_STORE, useFactory: () => eventStoreDb(config.EVENTSTORE_URL) },
  {
    provide: GITHUB,
    inject: [SyncMetrics, PollingCredit],
    useFactory: (metrics: SyncMetrics, credit: PollingCredit) => {
      const count = countedIn(metrics);
      const onCall: OnCall = (call) => {
        count(call);
        if (isCounted(call)) credit.spent();
      };
      return publishBudget(createGithub({ ...githubOptions(config), log: new Logger('github'), onCall }));
    },
  },
  {
    provide: APP_HOOK,
    inject: [SyncMetrics],
    useFactory: (metrics: SyncMetrics) =>
      createAppHook({
        ...githubOptions(config),
        log: new Logger('github'),
        onCall: countedIn(metrics),
      }),
  },
  {
    provide: DATABASE,
    useFactory: () =>
      openDatabase({
        app: 'sync',
        databaseUrl: config.DATABASE_URL,
        dataDir: config.DATA_DIR,
        entities: syncEntities,
        migrations: syncMigrations,
      }),
  },
  {
    provide: Bus,
    useFactory: async () => {
      const bus = natsBus('sync', config.NATS_URL);
      await bus.connect();
      return bus;
    },
  },
];

const countedIn =
  ({ githubCalls }: SyncMetrics): OnCall =>
  ({ operation, status, seconds }) =>
    githubCalls.observe({ operation, status: String(status) }, seconds);
