import { z } from 'zod';
import { processVariables, readConfig } from '#libs/runtime';

/** Every variable the audit reads. */
const variables = z.object({
  ...processVariables,
  EVENTSTORE_URL: z.string({ error: 'is needed: esdb://host:port?tls=…' }),
  DATABASE_URL: z.string().optional(),
  DATA_DIR: z.string().default('./data'),
  /** The only issuer whose e-mails name a user before the first login. */
  OIDC_ISSUER: z.string().optional(),
});

export type AuditConfig = z.infer<typeof variables>;

export const readAuditConfig = (environment: NodeJS.ProcessEnv): AuditConfig =>
  readConfig(variables, environment);
