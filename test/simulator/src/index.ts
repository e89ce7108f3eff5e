import { newAppKeyPem } from './app-key.js';
import { type RunningSimulator, runSimulator } from './simulator.js';
import type { SimulatorOptions } from './simulator.options.js';

export type { TokenOrder } from './oidc/mint-token.js';

/** What a spec may set; everything has a default. */
export interface StartOptions {
  port?: number;
  file?: string;
  github?: Partial<SimulatorOptions['github']>;
  hook?: Partial<SimulatorOptions['hook']>;
  oidc?: Partial<SimulatorOptions['oidc']>;
  runnerKeys?: number;
  logLevel?: string;
  observer?: SimulatorOptions['observer'];
}

export interface StartedSimulator extends RunningSimulator {
  oidcIssuer: string;
  /** How to be the App: what the service under test is configured with. */
  app: SimulatorOptions['github'];
  webhookSecret: string | undefined;
}

/** A simulator in this process, on a free port and in memory unless told otherwise. */
export async function startSimulator(options: StartOptions = {}): Promise<StartedSimulator> {
  const app = {
    appId: 1234,
    installationId: 5678,
    org: 'octo-org',
    ...options.github,
    privateKeyPem: options.github?.privateKeyPem ?? newAppKeyPem(),
  };
  const hook = { url: undefined, secret: undefined, ...options.hook };
  const running = await runSimulator({
    port: options.port ?? 0,
    file: options.file ?? ':memory:',
    github: app,
    hook,
    oidc: {
      audience: 'runner-token-service',
      clientId: 'rts-dashboard',
      clientSecret: 'rts-dashboard-secret',
      publicUrl: 'http://localhost:8000',
      ...options.oidc,
    },
    runnerKeys: options.runnerKeys ?? 2,
    logLevel: options.logLevel ?? 'silent',
    observer: options.observer,
  });
  return { ...running, oidcIssuer: running.oidc.issuer, app, webhookSecret: hook.secret };
}
