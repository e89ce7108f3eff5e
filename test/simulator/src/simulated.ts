import type { Switches } from './admin/switches.js';
import type { CallLog } from './call-log.js';
import type { Clock } from './clock.js';
import type { GitHubNames } from './github/accounts.js';
import type { Repositories } from './github/repositories.js';
import type { RunnerGroups } from './github/runner-groups.js';
import type { RunnerRegistry } from './github/runner-registry.js';
import type { JobBoard } from './jobs/job-board.js';
import type { WorkflowRuns } from './jobs/workflow-runs.js';
import type { OidcIssuer } from './oidc/oidc-issuer.js';
import type { RunnerService } from './runner-service/runner-service.js';
import type { RunnerSessions } from './runner-service/runner-sessions.js';
import type { Database } from './store/database.js';
import type { DeliveryLog } from './webhooks/delivery-log.js';
import type { HookSender } from './webhooks/hook-sender.js';

/** The parts of a running simulator, for those who look at all of it. */
export interface Simulated {
  names: GitHubNames;
  database: Database;
  clock: Clock;
  switches: Switches;
  calls: CallLog;
  runners: RunnerRegistry;
  groups: RunnerGroups;
  repositories: Repositories;
  runs: WorkflowRuns;
  jobs: JobBoard;
  sessions: RunnerSessions;
  service: RunnerService;
  deliveries: DeliveryLog;
  hooks: HookSender;
  oidc: OidcIssuer;
  /** Sends a `ping` to the App's webhook. */
  ping: () => void;
}
