import { z } from 'zod';

const integer = (fallback: number) => z.coerce.number().int().min(0).default(fallback);

/** Everything the simulator reads from its environment; it runs with none of it set. */
const environmentSchema = z.object({
  /** Port on 127.0.0.1; 0 takes the one of the last run with the same file, or a free one. */
  SIMULATOR_PORT: integer(0),
  /** SQLite file; without it everything is forgotten at the end. */
  SIMULATOR_FILE: z.string().min(1).default(':memory:'),
  GITHUB_APP_ID: integer(1234),
  GITHUB_APP_INSTALLATION_ID: integer(5678),
  /** PEM file; the simulator takes the public key from it. Without it a key is made. */
  GITHUB_APP_PRIVATE_KEY_PATH: z.string().min(1).optional(),
  GITHUB_ORG: z.string().min(1).default('octo-org'),
  GITHUB_WEBHOOK_SECRET: z.string().min(1).optional(),
  /** Where webhooks go; without it none are sent. */
  WEBHOOK_URL: z.url().optional(),
  /** Address of the service: the dashboard's redirect URI is below it. */
  PUBLIC_URL: z.url().default('http://localhost:8000'),
  OIDC_AUDIENCE: z.string().min(1).default('runner-token-service'),
  OIDC_CLIENT_ID: z.string().min(1).default('rts-dashboard'),
  OIDC_CLIENT_SECRET: z.string().min(1).default('rts-dashboard-secret'),
  /** File to write once listening: how others find this process. */
  RUN_FILE: z.string().min(1).optional(),
  /** File that every answer and webhook is added to, a line of JSON each, secrets blanked out. */
  SIMULATOR_RECORD_FILE: z.string().min(1).optional(),
  LOG_LEVEL: z.string().toLowerCase().default('info'),
});

export type SimulatorConfig = z.infer<typeof environmentSchema>;

/** @throws Error naming every variable that does not fit */
export function readConfig(environment: NodeJS.ProcessEnv): SimulatorConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = environmentSchema.safeParse(set);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`The environment does not fit:\n${faults.join('\n')}`);
}
