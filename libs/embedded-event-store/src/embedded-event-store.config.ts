import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { loopbackAddress } from './server/loopback.js';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

const file = z
  .string()
  .min(1)
  .transform((path) => (isAbsolute(path) ? path : resolve(path)));

const environmentSchema = z
  .object({
    /** A loopback address: the server has neither TLS nor users. */
    EVENT_STORE_HOST: z
      .string()
      .default('127.0.0.1')
      .refine((host) => loopbackAddress(host) !== undefined, 'must be a loopback address such as 127.0.0.1'),
    /** Port of the gRPC server; 0 takes a free one. */
    EVENT_STORE_PORT: port(2113),
    /** Path of the SQLite file; made when it is not there. */
    EVENT_STORE_FILE: file,
    /** From one scavenge to the next, the first one after the start; 0 leaves it to whoever asks for one. */
    EVENT_STORE_SCAVENGE_INTERVAL_SECONDS: z.coerce.number().int().min(0).max(2_000_000).default(3600),
    /** Port of `/health` and `/metrics` on 127.0.0.1; 0 takes a free one. */
    INTERNAL_PORT: port(0),
    /** Where to leave pid and addresses once the server listens. */
    RUN_FILE: file.optional(),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    NODE_ENV: z.string().optional(),
    ALLOW_EMBEDDED_EVENT_STORE: z.enum(['true', 'false']).default('false'),
  })
  .refine(
    ({ NODE_ENV, ALLOW_EMBEDDED_EVENT_STORE }) =>
      NODE_ENV !== 'production' || ALLOW_EMBEDDED_EVENT_STORE === 'true',
    {
      path: ['NODE_ENV'],
      message:
        'production wants a real EventStoreDB; set ALLOW_EMBEDDED_EVENT_STORE=true to run the embedded one all the same',
      // Reported beside other faults, not instead of them.
      when: () => true,
    },
  );

export interface EmbeddedEventStoreConfig {
  readonly host: string;
  readonly port: number;
  readonly file: string;
  readonly scavengeIntervalSeconds: number;
  readonly internalPort: number;
  readonly runFile: string | undefined;
  readonly logLevel: string;
}

/** Every fault of the environment, one a line. */
export class ConfigurationError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigurationError';
  }
}

/** The only reader of the environment. @throws ConfigurationError */
export const readConfig = (environment: NodeJS.ProcessEnv): EmbeddedEventStoreConfig => {
  const parsed = environmentSchema.safeParse(withoutEmpty(environment));
  if (!parsed.success) {
    throw new ConfigurationError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    );
  }
  const values = parsed.data;
  return {
    host: values.EVENT_STORE_HOST,
    port: values.EVENT_STORE_PORT,
    file: values.EVENT_STORE_FILE,
    scavengeIntervalSeconds: values.EVENT_STORE_SCAVENGE_INTERVAL_SECONDS,
    internalPort: values.INTERNAL_PORT,
    runFile: values.RUN_FILE,
    logLevel: values.LOG_LEVEL,
  };
};

/** A variable set to nothing is a variable not set. */
const withoutEmpty = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
