import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedDifferences } from '../simulator/described-observer.js';

const ROOT = join(import.meta.dirname, '../..');
const READY_WITHIN_MS = 120_000;
/** How long an answer may remain older than what its caller has written, on a machine that is busy otherwise. */
const FRESH_WITHIN_MS = 30_000;

export type Answer<Body = Record<string, unknown>> = { status: number; headers: Headers; body: Body };

export type Development = {
  token: string;
  admin_token: string;
  issuer: string;
  simulator_url: string;
  webhook_secret: string;
};

/** What one process of the system says about itself. */
export type RunFile = { app: string; pid: number; internal_url: string };

/** The whole system as `npm start` runs it, with a data folder and a port of its own. */
export type System = {
  url: string;
  dataDir: string;
  development: Development;
  /** All that was printed so far. */
  output(): string;
  /** What is answered to be out of date is asked again. */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options?: {
      body?: unknown;
      token?: string | undefined;
      headers?: Record<string, string>;
      signal?: AbortSignal | undefined;
    },
  ): Promise<Answer<Body>>;
  /** Changes the simulator's switches or asks it something: `/_simulator/…`. */
  simulator<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Body>;
  /** Where the simulator writes down what it says. */
  record: string;
  runFile(app: string): RunFile;
  /** Throws if the simulator said anything to the system that does not fit GitHub's descriptions. */
  stop(): Promise<number | null>;
};

export const startSystem = async (variables: Record<string, string> = {}): Promise<System> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rts-system-'));
  const record = join(dataDir, 'simulator-record.jsonl');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(ROOT, 'deploy/local/start.mjs')], {
    cwd: ROOT,
    env: {
      ...withoutOurs(process.env),
      ...variables,
      DATA_DIR: dataDir,
      SERVICE_PORT: String(port),
      SIMULATOR_RECORD_FILE: record,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));

  const end = async (lookBack: () => void = () => undefined) => {
    child.kill('SIGTERM');
    const code = await ended;
    try {
      lookBack();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
    return code;
  };
  const stop = () =>
    end(() => {
      const differences = recordedDifferences(record);
      if (differences.length > 0)
        throw new Error(`GitHub describes it otherwise:\n${differences.join('\n')}`);
    });

  try {
    await untilReady(
      url,
      () => output.includes('Stop with Ctrl-C'),
      () => child.exitCode,
    );
  } catch (error) {
    await end();
    throw new Error(`${error}\n${output}`);
  }

  const readRunFile = <T>(name: string) =>
    JSON.parse(readFileSync(join(dataDir, 'run', `${name}.json`), 'utf8')) as T;
  const development = readRunFile<Development>('dev');
  const call: System['call'] = async (
    method,
    path,
    { body, token = development.token, headers = {}, signal } = {},
  ) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const text = await bodyOf(response);
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : JSON.parse(text),
    };
  };
  return {
    url,
    dataDir,
    development,
    output: () => output,
    call: async <Body>(...asked: Parameters<System['call']>) => {
      const giveUpAt = Date.now() + FRESH_WITHIN_MS;
      for (;;) {
        const answer = await call<Body>(...asked);
        if (answer.headers.get('warning') === null) return answer;
        if (Date.now() > giveUpAt) throw new Error(`${asked[0]} ${asked[1]} does not show what was written`);
      }
    },
    simulator: async (method, path, body) => {
      const response = await fetch(`${development.simulator_url}/_simulator${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok)
        throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
      const text = await response.text();
      return (text === '' ? {} : JSON.parse(text)) as never;
    },
    record,
    runFile: (app) => readRunFile<RunFile>(app),
    stop,
  };
};

/** A stream of events has no end: that it began is all there is to know. */
const bodyOf = async (response: Response): Promise<string> => {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  await response.body?.cancel();
  return '';
};

/** Waits until the probe gives something other than `undefined`; asks again every 100 ms by default. */
export const until = async <T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { withinMs = 30_000, everyMs = 100 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> => {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await probe().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};

const untilReady = (url: string, announced: () => boolean, exitCode: () => number | null) =>
  until(
    'the system is ready',
    async () => {
      if (exitCode() !== null) return 'ended' as const;
      const { status } = await fetch(`${url}/health/ready`);
      return status === 200 && announced() ? ('ready' as const) : undefined;
    },
    { withinMs: READY_WITHIN_MS },
  ).then((outcome) => {
    if (outcome === 'ended') throw new Error('the launcher ended');
  });

/** A system under test shares nothing with the shell it is tested from. */
const withoutOurs = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) =>
        !/^(GITHUB_|OIDC_|NATS_URL|EVENTSTORE_URL|DATABASE_URL|SERVER_SECRET|NODE_OPTIONS|JEST_)/.test(name),
    ),
  );

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
