import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { subjects } from '#libs/contracts';
import { type EventStore, eventStoreDb } from '#libs/event-store';
import {
  type AppHook,
  createAppHook,
  createGithub,
  type Github,
  isCounted,
  type OnCall,
  publishBudget,
} from '#libs/github';
import { Bus, healthNatsController, natsBus } from '#libs/messaging';
import { type Database, openDatabase } from '#libs/read-model';
import { Health, HealthHttpController, loggerModule, MetricsHttpController } from '#libs/runtime';
import { CycleRecord } from './cycles/cycle-record.js';
import { Cycles } from './cycles/cycles.js';
import { RequestedCycles } from './cycles/requested-cycles.js';
import { DeliveryNatsController } from './delivery/delivery.nats.controller.js';
import { RecordDeliveryHandler } from './delivery/record-delivery.handler.js';
import { CheckDeliveriesJob } from './ledger/check-deliveries.job.js';
import { DeliveryAccounts } from './ledger/delivery-accounts.js';
import { DeliveryLedger } from './ledger/delivery-ledger.js';
import { GithubLookout } from './reconciliation/github-lookout.js';
import { Leader } from './reconciliation/leader.js';
import { Lease } from './reconciliation/lease.js';
import { LeftBehind } from './reconciliation/left-behind.js';
import { ObservationReporter } from './reconciliation/observation-reporter.js';
import { PollingCredit } from './reconciliation/polling-credit.js';
import { ReconcileRunnersJob } from './reconciliation/reconcile-runners.job.js';
import { UnmanagedRunnersReporter } from './reconciliation/unmanaged-runners.reporter.js';
import { WatchPendingRunnersJob } from './reconciliation/watch-pending-runners.job.js';
import { LogRetentionJob } from './retention/log-retention.job.js';
import { SettleRunnersJob } from './settling/settle-runners.job.js';
import { GetSyncStatusHandler } from './status/get-sync-status.query.js';
import { PollingState } from './status/polling-state.js';
import { SyncNatsController } from './status/sync.nats.controller.js';
import { TriggerSyncHandler } from './status/trigger-sync.handler.js';
import {
  deliveryChecksOf,
  githubOptions,
  installationOf,
  modeOf,
  pollingOf,
  retentionOf,
  type SyncConfig,
} from './sync.config.js';
import { syncHealth } from './sync.health.js';
import { SyncMetrics } from './sync.metrics.js';
import { syncEntities, syncMigrations } from './sync.tables.js';
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
        healthNatsController(subjects.syncHealth),
        HealthHttpController,
        MetricsHttpController,
      ],
      providers: [
        // outside systems
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
            return publishBudget(
              createGithub({ ...githubOptions(config), log: new Logger('github'), onCall }),
            );
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
        {
          provide: Leader,
          inject: [
            EVENT_STORE,
            DATABASE,
            GITHUB,
            TrackedRunners,
            RequestedCycles,
            PollingState,
            PollingCredit,
            Bus,
            SyncMetrics,
            CheckDeliveriesJob,
          ],
          useFactory: (
            store: EventStore,
            database: Database,
            github: Github,
            runners: TrackedRunners,
            requested: RequestedCycles,
            state: PollingState,
            pollingCredit: PollingCredit,
            bus: Bus,
            metrics: SyncMetrics,
            deliveries: CheckDeliveriesJob | undefined,
          ) => {
            const logger = new Logger('leader');
            const { scope } = installation;
            const lookout = new GithubLookout(github, runners);
            const reporter = new ObservationReporter(bus, metrics, logger);
            const credit = modeOf(config).webhooksEnabled ? pollingCredit : undefined;
            const looking = { runners, lookout, reporter, metrics, credit, logger };
            const onHeld = (held: boolean) => metrics.leaseHeld.set(held ? 1 : 0);
            const polling = pollingOf(config);
            return new Leader({
              lease: new Lease({ store, scope, logger, onHeld }),
              polling,
              pending: new WatchPendingRunnersJob(looking),
              cycles: new Cycles({
                reconciliation: new ReconcileRunnersJob({
                  ...looking,
                  unmanaged: new UnmanagedRunnersReporter(runners, bus, logger),
                  leftBehind: new LeftBehind({ runners, bus, logger }),
                }),
                requested,
                record: new CycleRecord(store, scope),
                state,
                polling,
                logger,
              }),
              requested,
              state,
              settling: new SettleRunnersJob({
                runners,
                bus,
                staleAfterMs: config.CLEANUP_STALE_RUNNERS_HOURS * 3_600_000,
                metrics,
                logger,
              }),
              retention: new LogRetentionJob({
                store,
                database,
                scope,
                retention: retentionOf(config),
                logger,
              }),
              deliveries,
              runners,
              logger,
            });
          },
        },
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
      ],
    };
  }
}

const countedIn =
  ({ githubCalls }: SyncMetrics): OnCall =>
  ({ operation, status, seconds }) =>
    githubCalls.observe({ operation, status: String(status) }, seconds);
