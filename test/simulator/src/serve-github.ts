import { createPublicKey } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { clientIdOf } from './github/accounts.js';
import { jitConfigGenerator } from './github/generate-jit-config.js';
import { serveGitHubApi } from './github/github-api.js';
import type { GitHubRoute } from './github/github-route.js';
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
import { toRunnerObject } from './github/runner.js';
import type { Parts } from './parts.js';
import { runnerServiceUrls } from './runner-service/urls.js';
import type { SimulatorOptions } from './simulator.options.js';

/** The REST API, from the parts it speaks about. */
export function serveGitHub(
  http: FastifyInstance,
  parts: Parts,
  { github, observer }: SimulatorOptions,
  address: { url: string },
): GitHubRoute[] {
  const { names, switches, clock, calls, runners, groups, repositories, runs, jobs, service } = parts;
  const { rateLimit } = parts;
  const onAccessChanged = () => service.reconsider();
  const { installationTokens, registrationTokens } = parts;
  const urls = () => runnerServiceUrls(address.url, github.org);
  const routes = [
    ...appRoutes({
      names,
      installationTokens,
      isSuspended: () => switches.values.installation_suspended,
      tokenFormat: () => switches.values.token_format,
    }),
    ...appHookRoutes({
      config: parts.hookConfig,
      log: parts.deliveries,
      sender: parts.hooks,
      ping: parts.ping,
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
      hiddenBusyRate: () => switches.values.hidden_busy_rate,
      onDeleted: (runner) => {
        observer?.deleted?.({
          at: new Date().toISOString(),
          runner: toRunnerObject(runner),
          onlineForMs: runner.onlineSince === null ? null : clock.ms() - runner.onlineSince,
        });
        service.forget(runner);
      },
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
    flavour: parts.flavour,
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
    secondaryLimits: parts.secondaryLimits,
    switches,
    calls,
    clock,
    observer,
  });
  return routes;
}
