import { createPublicKey } from 'node:crypto';
import type { AddressInfo } from 'node:net';
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
import { appRoutes } from './github/routes/app.routes.js';
import { rateLimitRoutes } from './github/routes/rate-limit.routes.js';
import { runnerGroupRoutes } from './github/routes/runner-groups.routes.js';
import { runnerLabelRoutes } from './github/routes/runner-labels.routes.js';
import { runnerTokenRoutes } from './github/routes/runner-tokens.routes.js';
import { runnerRoutes } from './github/routes/runners.routes.js';
import { RunnerGroups } from './github/runner-groups.js';
import { RunnerRegistry } from './github/runner-registry.js';
import { serveHealth } from './health.routes.js';
import { makeHttpServer } from './http-server.js';
import { OidcIssuer } from './oidc/oidc-issuer.js';
import { runnerServiceUrls } from './runner-service/urls.js';
import type { Simulated } from './simulated.js';
import type { SimulatorOptions } from './simulator.options.js';
import { Database } from './store/database.js';

export interface RunningSimulator extends Simulated {
  /** `http://127.0.0.1:PORT`: base of the REST API and of everything else. */
  url: string;
  logger: Logger;
  stop(): Promise<void>;
}

/** Puts the parts together and listens on 127.0.0.1. */
export async function runSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const logger = pino({ level: options.logLevel, base: { app: 'simulator' } });
  const database = new Database(options.file);
  const switches = new Switches(database);
  const clock = new Clock(() => switches.values.clock_skew_seconds);
  const calls = new CallLog();
  let url = '';
  const { appId, installationId, org, privateKeyPem } = options.github;
  const names: GitHubNames = { appId, installationId, org, baseUrl: () => url };

  const installationTokens = new InstallationTokens(database, clock, { appId, id: installationId });
  const registrationTokens = new RegistrationTokens(database, clock);
  const rateLimit = new RateLimit(clock, () => switches.values.rate_limit, installationId);
  const runners = new RunnerRegistry(database, clock, () => switches.values.eventual_delete_ms);
  const groups = new RunnerGroups(database);
  const keys = new KeyPool(database, options.runnerKeys);
  const oidc = new OidcIssuer(database, options.oidc);
  const simulated: Simulated = { names, database, clock, switches, calls, runners, groups, oidc };

  const http = makeHttpServer(logger, (request, response) => oidc.handle(request, response));
  serveGitHubApi(
    http,
    [
      ...appRoutes({
        names,
        installationTokens,
        suspended: () => switches.values.installation_suspended,
        tokenFormat: () => switches.values.token_format,
      }),
      ...runnerRoutes({
        runners,
        generateJitConfig: jitConfigGenerator({
          runners,
          groups,
          keys,
          urls: () => runnerServiceUrls(url, org),
          implicitLabels: () => switches.values.implicit_labels,
          labelTyping: () => switches.values.label_type,
        }),
        onDeleted: () => undefined,
      }),
      ...runnerLabelRoutes(runners),
      ...runnerGroupRoutes(groups, runners, names),
      ...runnerTokenRoutes(registrationTokens),
      ...rateLimitRoutes(rateLimit, () => switches.values.rate_limit.enabled),
    ],
    {
      org,
      baseUrl: () => url,
      credentials: {
        app: {
          publicKey: createPublicKey(privateKeyPem),
          issuers: [String(appId), clientIdOf(appId)],
        },
        installationTokens,
        registrationTokens,
        clock,
      },
      rateLimit,
      switches,
      calls,
      clock,
    },
  );
  serveAdmin(http, simulated);
  const health = serveHealth(http, simulated);

  await http.listen({ host: '127.0.0.1', port: options.port });
  url = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;
  await oidc.start(url);
  health.ready();

  const stop = async () => {
    await http.close();
    await keys.stop();
    database.close();
  };
  return { ...simulated, url, logger, stop };
}
