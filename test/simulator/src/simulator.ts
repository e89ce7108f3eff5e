import type { AddressInfo } from 'node:net';
import { type Logger, pino } from 'pino';
import { serveAdmin } from './admin/admin.routes.js';
import type { GitHubRoute } from './github/github-route.js';
import { serveHealth } from './health.routes.js';
import { makeHttpServer } from './http-server.js';
import { portToUse, rememberPort } from './last-port.js';
import { makeParts } from './parts.js';
import { serveGitHub } from './serve-github.js';
import { serveRunners } from './serve-runners.js';
import type { Simulated } from './simulated.js';
import type { SimulatorOptions } from './simulator.options.js';

export interface RunningSimulator extends Simulated {
  /** `http://127.0.0.1:PORT`: base of the REST API and of everything else. */
  url: string;
  logger: Logger;
  /** What it answers of the REST API. */
  routes: readonly GitHubRoute[];
  stop(): Promise<void>;
}

const upkeepEveryMs = 500;
const forgetEveryMs = 60_000;

/** Puts the parts together and listens on 127.0.0.1. */
export async function runSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const logger = pino({ level: options.logLevel, base: { app: 'simulator' } });
  const address = { url: '' };
  const parts = makeParts(options, address, logger);
  const { oidc, service, sessions, keys, hooks, deliveries, database } = parts;

  const http = makeHttpServer(logger, (request, response) => oidc.handle(request, response));
  const routes = serveGitHub(http, parts, options, address);
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
  const forgetting = setInterval(() => deliveries.forgetOld(), forgetEveryMs);
  health.ready();

  const stop = async () => {
    clearInterval(upkeep);
    clearInterval(forgetting);
    sessions.endPolls();
    await http.close();
    await Promise.all([hooks.stop(), keys.stop()]);
    database.close();
  };
  return { ...parts, url: address.url, logger, routes, stop };
}
