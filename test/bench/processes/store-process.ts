import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from './poll.js';
import { environmentWithoutOurs, runProgram } from './program.js';
import type { WatchedProcess } from './watched-process.js';
import { ROOT } from './whole-system.js';

const MAIN = join(ROOT, 'dist/libs/embedded-event-store/src/main.js');
/** As the launcher starts it. */
const FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=128'];

/** The embedded store alone, as a process. */
export type StoreProcess = WatchedProcess & {
  /** For the official client. */
  url: string;
  /** From the start of the process until it took requests. */
  readyAfterMs: number;
  stop(): Promise<void>;
};

export const startStore = async (
  file: string,
  variables: Record<string, string> = {},
): Promise<StoreProcess> => {
  const runFile = `${file}.run.json`;
  const startedAt = performance.now();
  const program = runProgram(process.execPath, [...FLAGS, MAIN], {
    env: {
      ...environmentWithoutOurs(),
      ...variables,
      EVENT_STORE_FILE: file,
      EVENT_STORE_PORT: '0',
      INTERNAL_PORT: '0',
      RUN_FILE: runFile,
    },
  });
  try {
    const { connection_string: url } = await poll(
      'the event store is ready',
      async () => {
        if (program.exitCode() !== undefined) return { pid: 0, internal_url: '', connection_string: 'ended' };
        const run = JSON.parse(readFileSync(runFile, 'utf8')) as {
          pid: number;
          internal_url: string;
          connection_string: string;
        };
        if (run.pid !== program.pid) return undefined;
        return (await fetch(`${run.internal_url}/health/ready`)).ok ? run : undefined;
      },
      { everyMs: 5 },
    );
    if (url === 'ended') throw new Error('the event store ended');
    return {
      name: 'event-store',
      pid: program.pid,
      url,
      readyAfterMs: performance.now() - startedAt,
      stop: program.stop,
    };
  } catch (error) {
    await program.stop();
    throw new Error(`${error}\n${program.output()}`);
  }
};
