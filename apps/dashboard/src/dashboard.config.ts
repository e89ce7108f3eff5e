import { z } from 'zod';
import { processVariables, readConfig } from '#libs/runtime';

/** Every variable the dashboard reads. */
const variables = z.object({
  ...processVariables,
  EVENTSTORE_URL: z.string({ error: 'is needed: esdb://host:port?tls=…' }),
  DATABASE_URL: z.string().optional(),
  DATA_DIR: z.string().default('./data'),
  /** With it the gateway signs who is asking for a page. */
  SERVER_SECRET: z
    .string({ error: 'is needed: the secret that all apps share' })
    .min(16, 'must be 16 characters or more'),
  /** The only issuer whose e-mails name a user before the first login. */
  OIDC_ISSUER: z.string().optional(),
  GITHUB_URL: z.url().default('https://github.com'),
});

export type DashboardConfig = z.infer<typeof variables>;

export const readDashboardConfig = (environment: NodeJS.ProcessEnv): DashboardConfig =>
  readConfig(variables, environment);
