import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { subjects } from '#libs/contracts';
import { type EventStore } from '#libs/event-store';
import { type AppHook, type Github } from '#libs/github';
import { Bus, healthNatsController } from '#libs/messaging';
import { type Database } from '#libs/read-model';
import { Health, HealthHttpController, loggerModule, MetricsHttpController } from '#libs/runtime';
import { RequestedCycles } from './cycles/requested-cycles.js';
import { DeliveryNatsController } from './delivery/delivery.nats.controller.js';
import { RecordDeliveryHandler } from './delivery/record-delivery.handler.js';
import { CheckDeliveriesJob } from './ledger/check-deliveries.job.js';
import { DeliveryAccounts } from './ledger/delivery-accounts.js';
import { DeliveryLedger } from './ledger/delivery-ledger.js';
import { Leader } from './reconciliation/leader.js';
import { PollingCredit } from './reconciliation/polling-credit.js';
import { GetSyncStatsHandler } from './stats/get-sync-stats.query.js';
import { StatsNatsController } from './stats/stats.nats.controller.js';
import { GetSyncStatusHandler } from './status/get-sync-status.query.js';
import { PollingState } from './status/polling-state.js';
import { SyncNatsController } from './status/sync.nats.controller.js';
import { TriggerSyncHandler } from './status/trigger-sync.handler.js';
import { deliveryChecksOf, installationOf, modeOf, type SyncConfig } from './sync.config.js';
import { syncHealth } from './sync.health.js';
import { leaderOf } from './sync.leader.js';
import { SyncMetrics } from './sync.metrics.js';
import { outsideSystems } from './sync.outside-systems.js';
import { APP_HOOK, DATABASE, EVENT_STORE, GITHUB, INSTALLATION, MODE } from './sync.tokens.js';
import { SyncWork } from './sync-work.js';
import { JobReporter } from './tracking/job-reporter.js';
import { JobReports } from './tracking/job-reports.js';
import { TrackedRunners } from './tracking/tracked-runners.js';

/** GitHub's side of the truth: it observes and reports, and decides nothing. */
@Module({})
export class SyncModule {
  static with(config: SyncConfig): DynamicModule {
    const installation = installationOf(config);
    return {
      module: SyncModule,
      imports: [loggerModule('sync', config.LOG_LEVEL), CqrsModule.forRoot()],
      controllers: [
        DeliveryNatsController,
        SyncNatsController,
        StatsNatsController,
        healthNatsController(subjects.syncHealth),
        HealthHttpController,
        MetricsHttpController,
      ],
      providers: [
        ...outsideSystems(config),
        // values
        { provide: INSTALLATION, useValue: installation },
        { provide: MODE, useValue: modeOf(config) },
        { provide: SyncMetrics, useFactory: () => new SyncMetrics() },
        { provide: PollingCredit, useFactory: () => new PollingCredit() },
        {
          provide: Health,
          inject: [EVENT_STORE, DATABASE, SyncWork, INSTALLATION],
          useFactory: syncHealth,
        },
        // parts
        {
          provide: TrackedRunners,
          inject: [DATABASE],
          useFactory: (database: Database) => new TrackedRunners(database),
        },
        {
          provide: RequestedCycles,
          inject: [DATABASE],
          useFactory: (database: Database) => new RequestedCycles(database),
        },
        {
          provide: PollingState,
          inject: [DATABASE, GITHUB],
          useFactory: (database: Database, github: Github) => new PollingState(database, github),
        },
        {
          provide: DeliveryAccounts,
          inject: [DATABASE],
          useFactory: (database: Database) => new DeliveryAccounts(database),
        },
        {
          provide: DeliveryLedger,
          inject: [DeliveryAccounts],
          useFactory: (accounts: DeliveryAccounts) =>
            new DeliveryLedger(accounts, config.GITHUB_WEBHOOK_SECRET),
        },
        {
          provide: CheckDeliveriesJob,
          inject: [APP_HOOK, EVENT_STORE, DeliveryAccounts, SyncMetrics],
          useFactory: (
            hook: AppHook,
            store: EventStore,
            accounts: DeliveryAccounts,
            metrics: SyncMetrics,
          ) => {
            const checks = deliveryChecksOf(config);
            const { installationId } = installation;
            const logger = new Logger('deliveries');
            return (
              checks &&
              new CheckDeliveriesJob({ hook, store, accounts, installationId, metrics, logger, ...checks })
            );
          },
        },
        {
          provide: JobReporter,
          inject: [DATABASE, Bus, SyncMetrics],
          useFactory: (database: Database, bus: Bus, metrics: SyncMetrics) =>
            new JobReporter({ reports: new JobReports(database), bus, metrics, logger: new Logger('jobs') }),
        },
        leaderOf(config),
        {
          provide: SyncWork,
          inject: [EVENT_STORE, DATABASE, Bus, JobReporter, RequestedCycles, Leader],
          useFactory: (
            store: EventStore,
            database: Database,
            bus: Bus,
            reporter: JobReporter,
            requested: RequestedCycles,
            leader: Leader,
          ) => new SyncWork({ store, database, bus, reporter, requested, leader }),
        },
        // one handler per message
        RecordDeliveryHandler,
        TriggerSyncHandler,
        GetSyncStatusHandler,
        GetSyncStatsHandler,
      ],
    };
  }
}
