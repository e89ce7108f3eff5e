import { type Logger } from 'pino';
import { Switches } from './admin/switches.js';
import { CallLog } from './call-log.js';
import { Clock } from './clock.js';
import { type GitHubNames } from './github/accounts.js';
import { flavours } from './github/flavour.js';
import { InstallationTokens } from './github/installation-tokens.js';
import { KeyPool } from './github/key-pool.js';
import { RateLimit } from './github/rate-limit.js';
import { RegistrationTokens } from './github/registration-tokens.js';
import { Repositories } from './github/repositories.js';
import { RunnerGroups } from './github/runner-groups.js';
import { RunnerRegistry } from './github/runner-registry.js';
import { SecondaryLimits } from './github/secondary-limits.js';
import { JobBoard } from './jobs/job-board.js';
import { originOf } from './jobs/job-origin.js';
import { WorkflowRuns } from './jobs/workflow-runs.js';
import { OidcIssuer } from './oidc/oidc-issuer.js';
import { RunnerService } from './runner-service/runner-service.js';
import { RunnerSessions } from './runner-service/runner-sessions.js';
import { ServiceTokens } from './runner-service/service-tokens.js';
import type { SimulatorOptions } from './simulator.options.js';
import { Database } from './store/database.js';
import { DeliveryLog } from './webhooks/delivery-log.js';
import { HookConfiguration } from './webhooks/hook-config.js';
import { HookSender } from './webhooks/hook-sender.js';
import { pingEvent } from './webhooks/ping-event.js';
import { enterpriseOf } from './webhooks/signed-request.js';
import { selfHostedRunnerEvent, workflowJobEvent } from './webhooks/workflow-job-event.js';
import { workflowRunEvent } from './webhooks/workflow-run-event.js';

export type Parts = ReturnType<typeof makeParts>;

/** Everything that remembers something or does something, without its routes. */
export function makeParts(options: SimulatorOptions, address: { url: string }, logger: Logger) {
  const { appId, installationId, org } = options.github;
  const database = new Database(options.file);
  const switches = new Switches(database);
  const flavour = () => flavours[switches.values.flavour];
  const names: GitHubNames = {
    appId,
    installationId,
    org,
    baseUrl: () => address.url,
    apiUrl: () => address.url + flavour().apiPath,
  };
  const clock = new Clock(() => switches.values.clock_skew_seconds);
  const calls = new CallLog();
  const runners = new RunnerRegistry(database, clock, () => switches.values.eventual_delete_ms);
  const groups = new RunnerGroups(database);
  const repositories = new Repositories(database);
  const jobs = new JobBoard(database, clock);
  const sessions = new RunnerSessions(database);
  const deliveries = new DeliveryLog(database, () => clock.ms() - flavour().deliveriesKeptMs);
  const hookConfig = new HookConfiguration(database, options.hook);
  const hooks = new HookSender({
    log: deliveries,
    config: hookConfig,
    sender: () => ({ appId, enterprise: enterpriseOf(flavour(), address.url) }),
    clock,
    switches: () => switches.values.hooks,
    observer: options.observer,
    onError: (error) => logger.error({ err: error }, 'a delivery could not be recorded'),
  });
  // Announced before the service reacts: `queued` is on its way before anybody takes the job.
  jobs.onChange((job, action) =>
    hooks.announce(workflowJobEvent(job, action, repositories.ensure(job.repository), names)),
  );
  const runs = new WorkflowRuns(database, clock, jobs);
  runs.onChange((run, action) => {
    if (switches.values.hooks.workflow_run_events) {
      const repository = repositories.ensure(run.repository);
      hooks.announce(workflowRunEvent(run, action, runs.stateOf(run), repository, names));
    }
  });
  runners.onChange((runner, action) => {
    if (switches.values.hooks.self_hosted_runner_events) {
      hooks.announce(selfHostedRunnerEvent(runner, action, names));
    }
  });
  return {
    names,
    flavour,
    database,
    switches,
    clock,
    calls,
    runners,
    groups,
    repositories,
    runs,
    jobs,
    sessions,
    deliveries,
    hookConfig,
    hooks,
    ping: () => hooks.announce(pingEvent(hookConfig.current, names)),
    service: new RunnerService({
      runners,
      groups,
      jobs,
      sessions,
      clock,
      originOf: (job) => originOf(job, repositories.ensure(job.repository), options.github.org),
      switches: () => switches.values,
    }),
    keys: new KeyPool(database, options.runnerKeys),
    oidc: new OidcIssuer(database, options.oidc),
    installationTokens: new InstallationTokens(database, clock, { appId, id: installationId }),
    registrationTokens: new RegistrationTokens(database, clock),
    serviceTokens: new ServiceTokens(database, clock),
    rateLimit: new RateLimit(clock, () => switches.values.rate_limit, installationId),
    secondaryLimits: new SecondaryLimits(clock, () => switches.values.secondary_limits),
  };
}
