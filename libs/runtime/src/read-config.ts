import { z } from 'zod';

/** The environment does not fit: every fault in one message. */
export class ConfigurationError extends Error {
  constructor(faults: readonly string[]) {
    super(`the configuration is not right:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/**
 * Reads an app's variables by its schema (keys = variable names). An empty variable counts as absent.
 * @throws ConfigurationError naming all faults at once
 */
export const readConfig = <Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.infer<Schema> => {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigurationError(
    result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  );
};

/** Shapes of variables that several apps share. */
export const variable = {
  flag: (fallback: boolean) =>
    z
      .enum(['true', 'false'], { error: 'must be true or false' })
      .default(fallback ? 'true' : 'false')
      .transform((value) => value === 'true'),
  number: (fallback: number, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}) =>
    z.coerce
      .number({ error: 'must be a number' })
      .int('must be a whole number')
      .min(min)
      .max(max)
      .default(fallback),
  port: (fallback: number) => variable.number(fallback, { max: 65_535 }),
  list: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  logLevel: z
    .string()
    .default('info')
    .transform((level) => level.toLowerCase())
    .transform((level) => (level === 'warning' ? 'warn' : level === 'critical' ? 'fatal' : level))
    .pipe(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])),
};

/** What every process of ours needs to know. */
export const processVariables = {
  NATS_URL: z.string({ error: 'is needed: nats://user:password@host:port' }),
  LOG_LEVEL: variable.logLevel,
  INTERNAL_HOST: z.string().default('127.0.0.1'),
  /** 0 = a free one. */
  INTERNAL_PORT: variable.port(0),
  /** Where to write `{app, pid, internal_url}` once listening. */
  RUN_FILE: z.string().optional(),
  /** End when standard input ends: whoever started the process is gone. */
  EXIT_WITH_PARENT: variable.flag(false),
};
