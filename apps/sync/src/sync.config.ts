import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Scope } from '#libs/contracts';
import { processVariables, readConfig, variable } from '#libs/runtime';
import type { LogRetention } from './retention/log-retention.job.js';

/** Every variable sync reads. */
const variables = z.object({
  ...processVariables,
  EVENTSTORE_URL: z.string({ error: 'is needed: esdb://host:port?tls=…' }),
  DATABASE_URL: z.string().optional(),
  DATA_DIR: z.string().default('./data'),
  GITHUB_APP_ID: z.coerce.number({ error: 'is needed: the number of the GitHub App' }).int(),
  GITHUB_APP_INSTALLATION_ID: z.coerce.number({ error: 'is needed: the number of its installation' }).int(),
  GITHUB_APP_PRIVATE_KEY_PATH: z
    .string({ error: "is needed: path of the App's private key, PEM" })
    .transform((path, context) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        context.addIssue({ code: 'custom', message: `cannot be read: ${path}` });
        return z.NEVER;
      }
    }),
  GITHUB_ORG: z.string({ error: 'is needed: the organisation the App is installed in' }),
  GITHUB_API_URL: z.url().default('https://api.github.com'),
  GITHUB_URL: z.url().default('https://github.com'),
  /** Absent: GitHub sends nothing, and polling alone keeps up with it. The secrets themselves are the gateway's. */
  GITHUB_WEBHOOK_SECRET: variable.list.transform((secrets) => secrets.length > 0),
  /** False: GitHub is looked at only when an administrator asks for it; deliveries and settling go on. */
  SYNC_ENABLED: variable.flag(true),
  /** From the start of one look at all runners to the next. */
  SYNC_INTERVAL_SECONDS: variable.number(300, { min: 1 }),
  /** The same for runners that have not connected yet. */
  SYNC_PENDING_INTERVAL_SECONDS: variable.number(10, { min: 1 }),
  /** Whether the first look at all runners is taken at once. */
  SYNC_ON_STARTUP: variable.flag(true),
  /** A runner that has been offline for longer is deleted. */
  CLEANUP_STALE_RUNNERS_HOURS: variable.number(24, { min: 1 }),
  /** How often GitHub's list of deliveries is compared with what was recorded. */
  DELIVERY_CHECK_INTERVAL_SECONDS: variable.number(600, { min: 1, max: 2_000_000 }),
  /** How long a delivery is shown. GitHub can be made to send one again for three days. */
  GITHUB_DELIVERY_RETENTION_DAYS: variable.number(30, { min: 4, max: 36_500 }),
  /** How many events about leases and cycles are kept in the log; there are about 24,000 a day. */
  SYNC_CYCLE_RETENTION_EVENTS: variable.number(1_000, { min: 200 }),
});

export type SyncConfig = z.infer<typeof variables>;

export const readSyncConfig = (environment: NodeJS.ProcessEnv): SyncConfig =>
  readConfig(variables, environment);

/** Whose runners and deliveries are ours. */
export type Installation = { scope: Scope; installationId: number };

export const installationOf = (config: SyncConfig): Installation => ({
  scope: { kind: 'org', login: config.GITHUB_ORG },
  installationId: config.GITHUB_APP_INSTALLATION_ID,
});

export const githubOptions = (config: SyncConfig) => ({
  apiUrl: config.GITHUB_API_URL,
  webUrl: config.GITHUB_URL,
  org: config.GITHUB_ORG,
  appId: config.GITHUB_APP_ID,
  installationId: config.GITHUB_APP_INSTALLATION_ID,
  privateKey: config.GITHUB_APP_PRIVATE_KEY_PATH,
});

export const retentionOf = (config: SyncConfig): LogRetention => ({
  deliverySeconds: config.GITHUB_DELIVERY_RETENTION_DAYS * 24 * 60 * 60,
  cycleEvents: config.SYNC_CYCLE_RETENTION_EVENTS,
});

/** How GitHub is kept up with. */
export type Mode = { pollingEnabled: boolean; webhooksEnabled: boolean };

export const modeOf = ({ SYNC_ENABLED, GITHUB_WEBHOOK_SECRET }: SyncConfig): Mode => ({
  pollingEnabled: SYNC_ENABLED,
  webhooksEnabled: GITHUB_WEBHOOK_SECRET,
});

/** How often the leader looks at GitHub; `undefined` = never. */
export type Polling = { everyMs: number; pendingEveryMs: number; atOnce: boolean } | undefined;

export const pollingOf = (config: SyncConfig): Polling =>
  config.SYNC_ENABLED
    ? {
        everyMs: config.SYNC_INTERVAL_SECONDS * 1000,
        pendingEveryMs: config.SYNC_PENDING_INTERVAL_SECONDS * 1000,
        atOnce: config.SYNC_ON_STARTUP,
      }
    : undefined;

/** How often the leader accounts for GitHub's deliveries; `undefined` = there are none. */
export type DeliveryChecks = { everyMs: number } | undefined;

export const deliveryChecksOf = (config: SyncConfig): DeliveryChecks =>
  config.GITHUB_WEBHOOK_SECRET ? { everyMs: config.DELIVERY_CHECK_INTERVAL_SECONDS * 1000 } : undefined;
