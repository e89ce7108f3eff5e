import type { Variables } from './configuration.js';
import { appNames, type ProcessName } from './process-names.js';

const followers = ['provisioner', 'sync', 'audit', 'dashboard'] as const;
const github = ['provisioner', 'sync', 'simulator'] as const;

/**
 * Who receives what. A variable named here reaches nobody else; settings that are not named here are no secret
 * and reach every process.
 */
export const receivers: Readonly<Record<string, readonly ProcessName[]>> = {
  SERVER_SECRET: ['gateway', 'provisioner', 'dashboard'],
  NATS_URL: appNames,
  EVENTSTORE_URL: followers,
  DATABASE_URL: followers,
  DATA_DIR: appNames,
  PUBLIC_URL: [...appNames, 'simulator'],
  DASHBOARD_INTERNAL_URL: ['gateway'],
  AUDIT_INTERNAL_URL: ['gateway'],

  GITHUB_APP_ID: github,
  // No secret: the gateway leaves out deliveries of other installations.
  GITHUB_APP_INSTALLATION_ID: ['gateway', ...github],
  GITHUB_APP_PRIVATE_KEY_PATH: github,
  GITHUB_API_URL: github,
  GITHUB_ORG: [...appNames, 'simulator'],
  GITHUB_URL: [...appNames, 'simulator'],
  // Sync only asks whether there is one: without it there are no deliveries to account for.
  GITHUB_WEBHOOK_SECRET: ['gateway', 'sync', 'simulator'],

  OIDC_ISSUER: appNames,
  OIDC_AUDIENCE: ['gateway', 'simulator'],
  OIDC_JWKS_URL: ['gateway'],
  OIDC_CLIENT_ID: ['gateway', 'simulator'],
  OIDC_CLIENT_SECRET: ['gateway', 'simulator'],
  ADMIN_IDENTITIES: ['provisioner'],
  SEED_DEVELOPMENT_TEAM: ['provisioner'],

  EVENT_STORE_PORT: ['event-store'],
  EVENT_STORE_FILE: ['event-store'],
  SIMULATOR_PORT: ['simulator'],
  SIMULATOR_FILE: ['simulator'],
  SIMULATOR_RECORD_FILE: ['simulator'],
  WEBHOOK_URL: ['simulator'],

  GATEWAY_NATS_PASSWORD: ['nats'],
  PROVISIONER_NATS_PASSWORD: ['nats'],
  SYNC_NATS_PASSWORD: ['nats'],
  AUDIT_NATS_PASSWORD: ['nats'],
  DASHBOARD_NATS_PASSWORD: ['nats'],
  CLI_NATS_PASSWORD: ['nats'],
};

/** Of the shell that started us: credentials that are not ours to hand on. */
const foreign = /^(npm_|GH_|GITHUB_|OIDC_)/;

/**
 * The environment of one process.
 *
 * @param variables what the operator set
 * @param values what the launcher adds; wins over the operator's
 */
export function environmentOf(name: ProcessName, variables: Variables, values: Variables): Variables {
  const receives = ([variable]: [string, string]) => {
    const named = receivers[variable];
    return named === undefined ? !foreign.test(variable) : named.includes(name);
  };
  return Object.fromEntries(Object.entries({ ...variables, ...values }).filter(receives));
}
