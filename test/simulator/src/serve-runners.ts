import type { FastifyInstance } from 'fastify';
import type { Parts } from './parts.js';
import { serveBroker } from './runner-service/broker.routes.js';
import { serveOAuthToken } from './runner-service/oauth-token.routes.js';
import { servePipelines } from './runner-service/pipelines.routes.js';
import { serveRunService } from './runner-service/run-service.routes.js';
import { runnerServiceUrls } from './runner-service/urls.js';
import type { SimulatorOptions } from './simulator.options.js';

/** What runners talk to. */
export function serveRunners(
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
