import { createPublicKey } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import { serveAdmin } from './admin/admin.routes.js';
import { Switches } from './admin/switches.js';
import { CallLog } from './call-log.js';
import { Clock } from './clock.js';
import { clientIdOf, type GitHubNames } from './github/accounts.js';
import { jitConfigGenerator } from './github/generate-jit-config.js';
import { serveGitHubApi } from './github/github-api.js';
import { InstallationTokens } from './github/installation-tokens.js';
import { KeyPool } from './github/key-pool.js';
import { RateLimit } from './github/rate-limit.js';
import { RegistrationTokens } from './github/registration-tokens.js';
import { Repositories } from './github/repositories.js';
import { appRoutes } from './github/routes/app.routes.js';
import { appHookRoutes } from './github/routes/app-hook.routes.js';
import { rateLimitRoutes } from './github/routes/rate-limit.routes.js';
import { repositoryRoutes } from './github/routes/repositories.routes.js';
import { runnerGroupMemberRoutes } from './github/routes/runner-group-members.routes.js';
import { runnerGroupRepositoryRoutes } from './github/routes/runner-group-repositories.routes.js';
import { runnerGroupRoutes } from './github/routes/runner-groups.routes.js';
import { runnerLabelRoutes } from './github/routes/runner-labels.routes.js';
import { runnerRegistrationRoutes } from './github/routes/runner-registration.routes.js';
import { runnerTokenRoutes } from './github/routes/runner-tokens.routes.js';
import { runnerRoutes } from './github/routes/runners.routes.js';
import { workflowJobRoutes } from './github/routes/workflow-jobs.routes.js';
import { workflowRunRoutes } from './github/routes/workflow-runs.routes.js';
import { RunnerGroups } from './github/runner-groups.js';
import { RunnerRegistry } from './github/runner-registry.js';
import { serveHealth } from './health.routes.js';
import { makeHttpServer } from './http-server.js';
import { JobBoard } from './jobs/job-board.js';
import { originOf } from './jobs/job-origin.js';
import { WorkflowRuns } from './jobs/workflow-runs.js';
import { portToUse, rememberPort } from './last-port.js';
import { OidcIssuer } from './oidc/oidc-issuer.js';
import { serveBroker } from './runner-service/broker.routes.js';
import { serveOAuthToken } from './runner-service/oauth-token.routes.js';
import { servePipelines } from './runner-service/pipelines.routes.js';
import { serveRunService } from './runner-service/run-service.routes.js';
import { RunnerService } from './runner-service/runner-service.js';
import { RunnerSessions } from './runner-service/runner-sessions.js';
import { ServiceTokens } from './runner-service/service-tokens.js';
import { runnerServiceUrls } from './runner-service/urls.js';
import type { Simulated } from './simulated.js';
import type { SimulatorOptions } from './simulator.options.js';
import { Database } from './store/database.js';
import { DeliveryLog } from './webhooks/delivery-log.js';
import { HookConfiguration } from './webhooks/hook-config.js';
import { HookSender } from './webhooks/hook-sender.js';
import { selfHostedRunnerEvent, workflowJobEvent } from './webhooks/workflow-job-event.js';
import { workflowRunEvent } from './webhooks/workflow-run-event.js';

export interface RunningSimulator extends Simulated {
  /** `http://127.0.0.1:PORT`: base of the REST API and of everything else. */
  url: string;
  logger: Logger;
  stop(): Promise<void>;
}

const upkeepEveryMs = 500;
const forgetEveryMs = 60_000;

/** Puts the parts together and listens on 127.0.0.1. */
export async function runSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const logger = pino({ level: options.logLevel, base: { app: 'simulator' } });
  const address = { url: '' };
  const parts = makeParts(options, address, logger);
  const { oidc, service, sessions, keys, hooks, deliveries, clock, database } = parts;

  const http = makeHttpServer(logger, (request, response) => oidc.handle(request, response));
  serveGitHub(http, parts, options, address);
  serveRunners(http, parts, options, address);
  serveAdmin(http, parts);
  const health = serveHealth(http, parts);

  await http.listen({ host: '127.0.0.1', port: await portToUse(database, options.port) });
  const { port } = http.server.address() as AddressInfo;
  rememberPort(database, port);
  address.url = `http://127.0.0.1:${port}`;
  await oidc.start(address.url);
  hooks.resume();
  const upkeep = setInterval(() => service.upkeep(), upkeepEveryMs);
  const forgetting = setInterval(() => deliveries.forgetOld(clock.ms()), forgetEveryMs);
  health.ready();

  const stop = async () => {
    clearInterval(upkeep);
    clearInterval(forgetting);
    sessions.endPolls();
    await http.close();
    await Promise.all([hooks.stop(), keys.stop()]);
    database.close();
  };
  return { ...parts, url: address.url, logger, stop };
}

type Parts = ReturnType<typeof makeParts>;

/** Everything that remembers something or does something, without its routes. */
function makeParts(options: SimulatorOptions, address: { url: string }, logger: Logger) {
  const { appId, installationId, org } = options.github;
  const names: GitHubNames = { appId, installationId, org, baseUrl: () => address.url };
  const database = new Database(options.file);
  const switches = new Switches(database);
  const clock = new Clock(() => switches.values.clock_skew_seconds);
  const calls = new CallLog();
  const runners = new RunnerRegistry(database, clock, () => switches.values.eventual_delete_ms);
  const groups = new RunnerGroups(database);
  const repositories = new Repositories(database);
  const jobs = new JobBoard(database, clock);
  const sessions = new RunnerSessions(database);
  const deliveries = new DeliveryLog(database);
  const hookConfig = new HookConfiguration(database, options.hook);
  const hooks = new HookSender({
    log: deliveries,
    config: hookConfig,
    appId,
    clock,
    switches: () => switches.values.hooks,
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
  };
}

function serveGitHub(
  http: FastifyInstance,
  parts: Parts,
  { github }: SimulatorOptions,
  address: { url: string },
): void {
  const { names, switches, clock, calls, runners, groups, repositories, runs, jobs, service } = parts;
  const { rateLimit } = parts;
  const onAccessChanged = () => service.reconsider();
  const { installationTokens, registrationTokens } = parts;
  const urls = () => runnerServiceUrls(address.url, github.org);
  const routes = [
    ...appRoutes({
      names,
      installationTokens,
      suspended: () => switches.values.installation_suspended,
      tokenFormat: () => switches.values.token_format,
    }),
    ...appHookRoutes({
      config: parts.hookConfig,
      log: parts.deliveries,
      sender: parts.hooks,
      installationId: github.installationId,
    }),
    ...runnerRoutes({
      runners,
      generateJitConfig: jitConfigGenerator({
        runners,
        groups,
        keys: parts.keys,
        urls,
        implicitLabels: () => switches.values.implicit_labels,
        labelTyping: () => switches.values.label_type,
      }),
      onDeleted: (runner) => service.forget(runner),
    }),
    ...runnerLabelRoutes(runners, onAccessChanged),
    ...[runnerGroupRoutes, runnerGroupMemberRoutes, runnerGroupRepositoryRoutes].flatMap((routesOf) =>
      routesOf({ names, groups, runners, repositories, onAccessChanged }),
    ),
    ...runnerTokenRoutes(registrationTokens),
    ...runnerRegistrationRoutes({ runners, groups, tokens: parts.serviceTokens, urls }),
    ...repositoryRoutes(names, repositories),
    ...workflowRunRoutes({
      names,
      runs,
      jobs,
      repositories,
      cancel: (job) => service.cancel(job),
      forceCancel: (job) => service.forceCancel(job),
    }),
    ...workflowJobRoutes({ names, runs, jobs }),
    ...rateLimitRoutes(rateLimit, () => switches.values.rate_limit.enabled),
  ];
  serveGitHubApi(http, routes, {
    org: github.org,
    baseUrl: names.baseUrl,
    credentials: {
      app: {
        publicKey: createPublicKey(github.privateKeyPem),
        issuers: [String(github.appId), clientIdOf(github.appId)],
      },
      installationTokens,
      registrationTokens,
      clock,
    },
    rateLimit,
    switches,
    calls,
    clock,
  });
}

function serveRunners(
  http: FastifyInstance,
  parts: Parts,
  { github }: SimulatorOptions,
  address: { url: string },
): void {
  const { runners, sessions, jobs, service, clock, switches, serviceTokens: tokens } = parts;
  const urls = () => runnerServiceUrls(address.url, github.org);
  const runServiceUrl = () => urls().runService;
  serveOAuthToken(http, {
    runners,
    tokens,
    clock,
    authorizationUrl: () => urls().authorization,
    tokenSeconds: () => switches.values.runner_service.token_seconds,
  });
  serveBroker(http, {
    runners,
    sessions,
    jobs,
    service,
    tokens,
    runServiceUrl,
    pollMs: () => switches.values.runner_service.poll_ms,
  });
  serveRunService(http, {
    runners,
    jobs,
    service,
    tokens,
    clock,
    runServiceUrl,
    lockMs: () => switches.values.runner_service.job_lock_ms,
  });
  servePipelines(http);
}
