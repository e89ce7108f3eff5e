import type { JobLog } from '../scheduling/trouble.js';
import type { SyncMetrics } from '../sync.metrics.js';
import type { TrackedRunners } from '../tracking/tracked-runners.js';
import type { GithubLookout } from './github-lookout.js';
import type { ObservationReporter } from './observation-reporter.js';
import type { PollingCredit } from './polling-credit.js';

/** What every look at GitHub needs. */
export type LookingParts = {
  runners: TrackedRunners;
  lookout: GithubLookout;
  reporter: ObservationReporter;
  /** What may be spent; undefined without webhooks: then nobody else tells what runners do. */
  credit?: Pick<PollingCredit, 'available' | 'provisioned'> | undefined;
  metrics: SyncMetrics;
  logger: JobLog;
};
