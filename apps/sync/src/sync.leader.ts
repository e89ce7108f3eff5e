import { type FactoryProvider, Logger } from '@nestjs/common';
import type { EventStore } from '#libs/event-store';
import type { Github } from '#libs/github';
import { Bus } from '#libs/messaging';
import type { Database } from '#libs/read-model';
import { CycleRecord } from './cycles/cycle-record.js';
import { Cycles } from './cycles/cycles.js';
import { RequestedCycles } from './cycles/requested-cycles.js';
import { CheckDeliveriesJob } from './ledger/check-deliveries.job.js';
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
import { PollingState } from './status/polling-state.js';
import { installationOf, modeOf, pollingOf, retentionOf, type SyncConfig } from './sync.config.js';
import { SyncMetrics } from './sync.metrics.js';
import { DATABASE, EVENT_STORE, GITHUB } from './sync.tokens.js';
import { TrackedRunners } from './tracking/tracked-runners.js';

/** What the one replica that leads does: it looks at GitHub, settles, keeps the log short, accounts for deliveries. */
export const leaderOf = (config: SyncConfig): FactoryProvider<Leader> => ({
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
    const { scope } = installationOf(config);
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
});
