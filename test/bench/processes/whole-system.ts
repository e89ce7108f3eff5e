import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../libs/testing/src/free-port.js';
import { poll } from './poll.js';
import { environmentWithoutOurs, runProgram } from './program.js';
import type { WatchedProcess } from './watched-process.js';

/** Of the project, seen from the compiled bench. */
export const ROOT = join(import.meta.dirname, '../../../..');
const LAUNCHER = join(ROOT, 'dist/deploy/local/launcher.js');
const START_SCRIPT = join(ROOT, 'deploy/local/start.mjs');
const READY_WITHIN_MS = 60_000;

/** The seven processes of the service, and the simulated GitHub. */
const NAMES = ['gateway', 'provisioner', 'sync', 'audit', 'dashboard', 'event-store', 'nats', 'simulator'];

type Access = { token: string; admin_token: string; simulator_url: string; webhook_secret: string };

/** The service as `npm start` runs it, on a data folder and ports of its own. */
export type WholeSystem = {
  url: string;
  dataDir: string;
  /** From the start of the first process until it took requests. */
  readyAfterMs: number;
  access: Access;
  /** For the official client. */
  eventStoreUrl: string;
  processes: readonly WatchedProcess[];
  simulator<Body>(method: string, path: string, body?: unknown): Promise<Body>;
  stop(): Promise<void>;
};

export type SystemOptions = {
  dataDir: string;
  variables?: Record<string, string>;
  /** With what `npm start` does first: set-up and looking for changed sources. */
  bySetUp?: boolean;
};

export const startWholeSystem = async ({
  dataDir,
  variables = {},
  bySetUp = false,
}: SystemOptions): Promise<WholeSystem> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const program = runProgram(process.execPath, [bySetUp ? START_SCRIPT : LAUNCHER], {
    env: {
      ...environmentWithoutOurs(),
      ...variables,
      DATA_DIR: dataDir,
      SERVICE_PORT: String(port),
    },
    // a .env of the project is not for the bench
    cwd: join(dataDir, '..'),
  });
  const runFile = <T>(name: string) =>
    JSON.parse(readFileSync(join(dataDir, 'run', `${name}.json`), 'utf8')) as T;
  try {
    const access = await poll(
      'the system is ready',
      async () => {
        if (program.exitCode() !== undefined) return 'ended' as const;
        const { status } = await fetch(`${url}/health/ready`);
        return status === 200 ? runFile<Access>('dev') : undefined;
      },
      { withinMs: READY_WITHIN_MS },
    );
    if (access === 'ended') throw new Error('the launcher ended');
    return {
      url,
      dataDir,
      readyAfterMs: performance.now() - startedAt,
      access,
      eventStoreUrl: runFile<{ connection_string: string }>('event-store').connection_string,
      processes: NAMES.map((name) => ({ name, pid: runFile<{ pid: number }>(name).pid })),
      simulator: (method, path, body) => askSimulator(access.simulator_url, method, path, body),
      stop: program.stop,
    };
  } catch (error) {
    await program.stop();
    throw new Error(`${error}\n${program.output()}`);
  }
};

const askSimulator = async <Body>(
  url: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Body> => {
  const response = await fetch(`${url}/_simulator${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
};
