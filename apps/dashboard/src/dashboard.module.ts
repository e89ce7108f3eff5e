import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { membershipEntities, membershipMigration } from '#libs/access';
import { subjects } from '#libs/contracts';
import { type EventStore, eventStoreDb } from '#libs/event-store';
import { healthNatsController } from '#libs/messaging';
import { type Database, openDatabase } from '#libs/read-model';
import { Health, HealthHttpController, loggerModule, MetricsHttpController, VERSION } from '#libs/runtime';
import type { DashboardConfig } from './dashboard.config.js';
import { DATABASE, ENVIRONMENT_ISSUER, EVENT_STORE, GITHUB_URL, SERVER_SECRET } from './dashboard.tokens.js';
import { FeedHttpController } from './feed/feed.http.controller.js';
import { RunnerFeed } from './feed/runner-feed.js';
import { FleetNatsController } from './fleet/fleet.nats.controller.js';
import { FleetView } from './fleet/fleet-view.js';
import { GetRunnerHandler } from './fleet/get-runner.query.js';
import { ListRunnersHandler } from './fleet/list-runners.query.js';
import { Runner } from './fleet/runner.entity.js';
import { runnerMigration } from './fleet/runner.migration.js';
import { FleetPages } from './pages/fleet-page.js';
import { LivePages } from './pages/live-pages.js';
import { PagesHttpController } from './pages/pages.http.controller.js';
import { GetDashboardStatsHandler } from './stats/get-dashboard-stats.query.js';
import { liveRunnersMigration } from './stats/live-runners.migration.js';
import { StatsNatsController } from './stats/stats.nats.controller.js';

/** What people look at: the fleet, and its page. */
@Module({})
export class DashboardModule {
  static with(config: DashboardConfig): DynamicModule {
    return {
      module: DashboardModule,
      imports: [loggerModule('dashboard', config.LOG_LEVEL), CqrsModule.forRoot()],
      controllers: [
        FleetNatsController,
        StatsNatsController,
        healthNatsController(subjects.dashboardHealth),
        PagesHttpController,
        FeedHttpController,
        HealthHttpController,
        MetricsHttpController,
      ],
      providers: [
        // outside systems
        { provide: EVENT_STORE, useFactory: () => eventStoreDb(config.EVENTSTORE_URL) },
        {
          provide: DATABASE,
          useFactory: () =>
            openDatabase({
              app: 'dashboard',
              databaseUrl: config.DATABASE_URL,
              dataDir: config.DATA_DIR,
              entities: [...membershipEntities, Runner],
              migrations: [membershipMigration, runnerMigration, liveRunnersMigration],
            }),
        },
        // values
        { provide: ENVIRONMENT_ISSUER, useValue: config.OIDC_ISSUER },
        { provide: GITHUB_URL, useValue: config.GITHUB_URL },
        { provide: SERVER_SECRET, useValue: config.SERVER_SECRET },
        {
          provide: Health,
          inject: [FleetView, DATABASE, EVENT_STORE],
          useFactory: (fleet: FleetView, database: Database, log: EventStore) => {
            const health = new Health(VERSION);
            health.register('event-store', async () => {
              await log.readBackwards('health', 1);
              return fleet.health();
            });
            health.register('database', async () => {
              await database.ping();
              return { status: 'up' };
            });
            return health;
          },
        },
        // parts
        FleetView,
        FleetPages,
        LivePages,
        RunnerFeed,
        // one handler per message
        ListRunnersHandler,
        GetRunnerHandler,
        GetDashboardStatsHandler,
      ],
    };
  }
}
