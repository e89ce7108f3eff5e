import type { DataDirectory } from '../state/data-directory.js';
import { type NatsUser, natsUsers, type Secrets } from '../state/secrets.js';
import type { Configuration, Variables } from './configuration.js';
import type { ProcessName } from './process-names.js';

export type PortName = ProcessName | 'nats-monitoring' | 'event-store-protocol';
export type Ports = Readonly<Record<PortName, number>>;

/** Where the simulator says its two faces are. */
export interface SimulatorAddresses {
  readonly githubApiUrl: string;
  readonly githubUrl: string;
  readonly issuer: string;
}

export const internalUrl = (ports: Ports, name: ProcessName) => `http://127.0.0.1:${ports[name]}`;

/** What an installation on one machine adds to the operator's variables, the same for all processes. */
export function commonValues(
  { variables, dataDirectory, publicUrl, host, port }: Configuration,
  ports: Ports,
  secrets: Secrets,
): Variables {
  return {
    DATA_DIR: dataDirectory,
    SERVICE_HOST: host,
    SERVICE_PORT: String(port),
    PUBLIC_URL: publicUrl,
    EVENTSTORE_URL: variables.EVENTSTORE_URL ?? `esdb://127.0.0.1:${ports['event-store-protocol']}?tls=false`,
    SERVER_SECRET: variables.SERVER_SECRET ?? secrets.serverSecret,
    DASHBOARD_INTERNAL_URL: internalUrl(ports, 'dashboard'),
    AUDIT_INTERNAL_URL: internalUrl(ports, 'audit'),
  };
}

/** What one of our own processes is told about itself. */
export const ownValues = (name: ProcessName, ports: Ports, data: DataDirectory): Variables => ({
  APP_NAME: name,
  INTERNAL_PORT: String(ports[name]),
  RUN_FILE: data.runFile(name),
  EXIT_WITH_PARENT: 'true',
});

/** Each app has its own user; with the operator's bus the operator's address is used as it is. */
export const natsUrl = (user: NatsUser, variables: Variables, ports: Ports, secrets: Secrets): string =>
  variables.NATS_URL ?? `nats://${user}:${secrets.natsPasswords[user]}@127.0.0.1:${ports.nats}`;

export const natsPasswords = (secrets: Secrets): Variables =>
  Object.fromEntries(
    natsUsers.map((user) => [`${user.toUpperCase()}_NATS_PASSWORD`, secrets.natsPasswords[user]]),
  );

export const eventStoreFile = (data: DataDirectory) => data.in('event-store.db');

export const storeValues = (ports: Ports, data: DataDirectory): Variables => ({
  EVENT_STORE_PORT: String(ports['event-store-protocol']),
  EVENT_STORE_FILE: eventStoreFile(data),
});

/** The GitHub App, organisation and client that exist in the simulator. */
export function simulatedAccounts({ variables }: Configuration, secrets: Secrets): Variables {
  return {
    GITHUB_APP_ID: '1001',
    GITHUB_APP_INSTALLATION_ID: '2001',
    GITHUB_APP_PRIVATE_KEY_PATH: secrets.githubAppKeyPath,
    GITHUB_ORG: 'simulated-org',
    GITHUB_WEBHOOK_SECRET: variables.GITHUB_WEBHOOK_SECRET ?? secrets.webhookSecret,
    OIDC_AUDIENCE: 'runner-token-service',
    OIDC_CLIENT_ID: 'rts-dashboard',
    OIDC_CLIENT_SECRET: secrets.oidcClientSecret,
  };
}

/** The simulator signs its deliveries with one secret, also while several are accepted. */
export const simulatorValues = (
  { localUrl, variables }: Configuration,
  ports: Ports,
  data: DataDirectory,
  secrets: Secrets,
): Variables => ({
  SIMULATOR_PORT: String(ports.simulator),
  SIMULATOR_FILE: data.in('simulator.db'),
  WEBHOOK_URL: `${localUrl}/webhooks/github`,
  GITHUB_WEBHOOK_SECRET: signingSecret(variables, secrets),
});

/** The first one that deliveries may be signed with. */
export const signingSecret = (variables: Variables, { webhookSecret }: Secrets): string =>
  variables.GITHUB_WEBHOOK_SECRET?.split(',')[0]?.trim() || webhookSecret;

/** How the apps are set against the simulator; limits and intervals may still be chosen by the operator. */
export function simulatedSettings(
  { variables }: Configuration,
  { githubApiUrl, githubUrl, issuer }: SimulatorAddresses,
): Variables {
  const defaults = {
    RATE_LIMIT_WRITES_PER_MINUTE: '0',
    RATE_LIMIT_READS_PER_MINUTE: '0',
    SYNC_PENDING_INTERVAL_SECONDS: '1',
  };
  const chosen = Object.entries(defaults).map(([name, value]) => [name, variables[name] ?? value]);
  return {
    ...Object.fromEntries(chosen),
    GITHUB_API_URL: githubApiUrl,
    GITHUB_URL: githubUrl,
    OIDC_ISSUER: issuer,
    ALLOW_PRIVATE_ISSUERS: 'true',
    ADMIN_IDENTITIES: [variables.ADMIN_IDENTITIES, `${issuer}|admin`].filter(Boolean).join(','),
    SEED_DEVELOPMENT_TEAM: 'true',
  };
}
