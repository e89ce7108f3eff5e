import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { processVariables, readConfig, variable } from '#libs/runtime';

/** Every variable the provisioner reads. */
const variables = z.object({
  ...processVariables,
  EVENTSTORE_URL: z.string({ error: 'is needed: esdb://host:port?tls=…' }),
  DATABASE_URL: z.string().optional(),
  DATA_DIR: z.string().default('./data'),
  SERVER_SECRET: z.string({ error: 'is needed: the secret shared by all apps and replicas' }).min(16),
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
  DEFAULT_RUNNER_GROUP_ID: variable.number(1, { min: 1 }),
  JIT_CONFIG_TTL_SECONDS: variable.number(3600, { min: 1 }),
  CLEANUP_STALE_RUNNERS_HOURS: variable.number(24, { min: 1 }),
  LABEL_DRIFT_ACTION: z.enum(['remove', 'alert'], { error: 'must be remove or alert' }).default('remove'),
  /** Cancels the workflow run of a busy runner whose labels were changed, then removes it. */
  LABEL_DRIFT_DELETE_BUSY_RUNNERS: variable.flag(false),
  LABEL_POLICY_ENFORCEMENT: z
    .enum(['audit', 'enforce'], { error: 'must be audit or enforce' })
    .default('audit'),
  DEFAULT_LABEL_POLICY: z.enum(['allow', 'deny'], { error: 'must be allow or deny' }).default('allow'),
  REQUIRE_TEAM: variable.flag(false),
  /** How often slots are compared with runners; 0 = never. */
  SLOT_CHECK_INTERVAL_SECONDS: variable.number(3600, { max: 2_000_000 }),
  ENABLE_OIDC_AUTH: variable.flag(true),
  OIDC_ISSUER: z.string().optional(),
  /** Permits identity providers on private addresses, and on plain http on loopback. */
  ALLOW_PRIVATE_ISSUERS: variable.flag(false),
  ADMIN_IDENTITIES: variable.list,
  /** Development only: user `dev` of OIDC_ISSUER in team `dev`. */
  SEED_DEVELOPMENT_TEAM: variable.flag(false),
  /** 0 = no quota. */
  DEVELOPMENT_TEAM_MAX_RUNNERS: variable.number(0),
  DEVELOPMENT_TEAM_LABEL_PATTERNS: z
    .string()
    .default('.*')
    .transform((text) => text.split(',').map((pattern) => pattern.trim())),
});

export type ProvisionerConfig = z.infer<typeof variables>;

export const readProvisionerConfig = (environment: NodeJS.ProcessEnv): ProvisionerConfig =>
  readConfig(variables, environment);

export const provisioningConfig = (config: ProvisionerConfig) => ({
  scope: { kind: 'org' as const, login: config.GITHUB_ORG },
  installationId: config.GITHUB_APP_INSTALLATION_ID,
  defaultRunnerGroupId: config.DEFAULT_RUNNER_GROUP_ID,
  defaultLabelPolicy: config.DEFAULT_LABEL_POLICY,
  requireTeam: config.REQUIRE_TEAM,
  jitConfigTtlSeconds: config.JIT_CONFIG_TTL_SECONDS,
  staleAfterHours: config.CLEANUP_STALE_RUNNERS_HOURS,
  labelPolicyEnforcement: config.LABEL_POLICY_ENFORCEMENT,
  labelDrift: {
    action: config.LABEL_DRIFT_ACTION,
    deleteBusyRunners: config.LABEL_DRIFT_DELETE_BUSY_RUNNERS,
  },
});

export const githubOptions = (config: ProvisionerConfig) => ({
  apiUrl: config.GITHUB_API_URL,
  webUrl: config.GITHUB_URL,
  org: config.GITHUB_ORG,
  appId: config.GITHUB_APP_ID,
  installationId: config.GITHUB_APP_INSTALLATION_ID,
  privateKey: config.GITHUB_APP_PRIVATE_KEY_PATH,
});

/** Who is in the development team: user `dev` of the issuer, and whoever calls while authentication is off. */
export const developmentIdentities = ({
  SEED_DEVELOPMENT_TEAM,
  ENABLE_OIDC_AUTH,
  OIDC_ISSUER,
}: ProvisionerConfig) => [
  ...(SEED_DEVELOPMENT_TEAM && OIDC_ISSUER !== undefined
    ? [{ issuer: OIDC_ISSUER, subject: 'dev', email: 'dev@example.test', isAdmin: false }]
    : []),
  ...(ENABLE_OIDC_AUTH
    ? []
    : [{ issuer: 'urn:rts:development', subject: 'dev@localhost', email: 'dev@localhost', isAdmin: true }]),
];
