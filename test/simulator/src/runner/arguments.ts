import { parseArgs } from 'node:util';
import { z } from 'zod';
import { terminated } from './exit-code.js';
import type { Registration } from './register.js';

const usage = `Usage: demo:runner <JIT config> [--queue-job]
       demo:runner --url <organisation> --token <registration token> [--name <name>] [--labels a,b] [--ephemeral] [--replace] [--queue-job]

The JIT config may also be in ACTIONS_RUNNER_INPUT_JITCONFIG, where other users cannot see it.`;

export interface RunnerArguments {
  source: { jitConfig: string } | { registration: Registration };
  queueJob: boolean;
  timing: {
    conflict: { forMs: number; everyMs: number };
    renewEveryMs: number;
    backoffMs: number;
  };
}

const milliseconds = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

/** The defaults are those of the real runner, except for a shorter back-off. */
const environmentSchema = z.object({
  ACTIONS_RUNNER_INPUT_JITCONFIG: z.string().optional(),
  RUNNER_SESSION_CONFLICT_MS: milliseconds(240_000),
  RUNNER_SESSION_RETRY_MS: milliseconds(30_000),
  RUNNER_RENEW_MS: milliseconds(60_000),
  RUNNER_BACKOFF_MS: milliseconds(2000),
});

/** @throws RunnerExit with code 1 and the usage */
export function readArguments(argv: string[], env: NodeJS.ProcessEnv): RunnerArguments {
  const { values, positionals } = parsedArguments(argv);
  const environment = environmentSchema.parse(env);
  return {
    source: sourceOf(values, positionals[0] ?? environment.ACTIONS_RUNNER_INPUT_JITCONFIG),
    queueJob: values['queue-job'] === true,
    timing: {
      conflict: {
        forMs: environment.RUNNER_SESSION_CONFLICT_MS,
        everyMs: environment.RUNNER_SESSION_RETRY_MS,
      },
      renewEveryMs: environment.RUNNER_RENEW_MS,
      backoffMs: environment.RUNNER_BACKOFF_MS,
    },
  };
}

type Values = ReturnType<typeof parsedArguments>['values'];

function sourceOf(values: Values, jitConfig: string | undefined): RunnerArguments['source'] {
  const { url, token, name, labels, ephemeral, replace } = values;
  if (url && token) {
    return {
      registration: {
        url: url.replace(/\/+$/, ''),
        token,
        name: name ?? `runner-${process.pid}`,
        labels: labels?.split(',').filter((label) => label !== '') ?? [],
        ephemeral: ephemeral === true,
        replace: replace === true,
      },
    };
  }
  if (!jitConfig) throw terminated(usage);
  return { jitConfig };
}

function parsedArguments(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        token: { type: 'string' },
        name: { type: 'string' },
        labels: { type: 'string' },
        ephemeral: { type: 'boolean' },
        replace: { type: 'boolean' },
        'queue-job': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw terminated(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}
