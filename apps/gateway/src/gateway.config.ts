import { z } from 'zod';
import { processVariables, readConfig, variable } from '#libs/runtime';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Every variable the gateway reads. */
const variables = z
  .object({
    ...processVariables,
    SERVICE_HOST: z.string().default('127.0.0.1'),
    SERVICE_PORT: variable.port(8000),
    /** How callers reach the service; begins the links it hands out. */
    PUBLIC_URL: z.url().optional(),
    /** Addresses or CIDR ranges whose `X-Forwarded-For` is believed. */
    TRUSTED_PROXIES: variable.list,
    CORS_ALLOWED_ORIGINS: variable.list,
    ENABLE_OIDC_AUTH: variable.flag(true),
    ALLOW_INSECURE_AUTH: variable.flag(false),
    OIDC_ISSUER: z.string().optional(),
    OIDC_AUDIENCE: z.string().optional(),
    /** Discovered from the issuer when absent. */
    OIDC_JWKS_URL: z.url().optional(),
    /** For the dashboard's sign-in. */
    OIDC_CLIENT_ID: z.string().optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    /** Permits issuers on plain http and private addresses: development only. */
    ALLOW_PRIVATE_ISSUERS: variable.flag(false),
    /** Several, comma separated, while one is being replaced. Absent: webhooks are refused. */
    GITHUB_WEBHOOK_SECRET: variable.list,
    /** Whose webhooks are of use; absent: sync tells. */
    GITHUB_APP_INSTALLATION_ID: z.coerce.number().int().optional(),
    DASHBOARD_INTERNAL_URL: z.url({ error: 'is needed: where the dashboard app listens internally' }),
    /** Per caller and replica; 0 = off. */
    RATE_LIMIT_WRITES_PER_MINUTE: variable.number(600),
    RATE_LIMIT_READS_PER_MINUTE: variable.number(6000),
    SERVER_SECRET: z.string({ error: 'is needed: the secret shared by all apps and replicas' }).min(16),
  })
  .superRefine((config, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (config.ENABLE_OIDC_AUTH) {
      if (!config.OIDC_ISSUER) fault('OIDC_ISSUER', 'is needed: the issuer whose tokens are trusted');
      if (!config.OIDC_AUDIENCE) fault('OIDC_AUDIENCE', 'is needed: the audience tokens must be for');
    } else if (!LOOPBACK.includes(config.SERVICE_HOST) && !config.ALLOW_INSECURE_AUTH) {
      fault(
        'ENABLE_OIDC_AUTH',
        'may only be false on a loopback SERVICE_HOST, or with ALLOW_INSECURE_AUTH=true',
      );
    }
    for (const name of ['OIDC_ISSUER', 'OIDC_JWKS_URL'] as const) {
      if (config[name]?.startsWith('http:') && !config.ALLOW_PRIVATE_ISSUERS) {
        fault(name, 'must be https; ALLOW_PRIVATE_ISSUERS=true permits http for development');
      }
    }
  });

export type GatewayConfig = z.infer<typeof variables>;

export const readGatewayConfig = (environment: NodeJS.ProcessEnv): GatewayConfig =>
  readConfig(variables, environment);

export const publicUrlOf = ({ PUBLIC_URL, SERVICE_HOST, SERVICE_PORT }: GatewayConfig): string =>
  (
    PUBLIC_URL ?? `http://${SERVICE_HOST === '127.0.0.1' ? 'localhost' : SERVICE_HOST}:${SERVICE_PORT}`
  ).replace(/\/$/, '');
