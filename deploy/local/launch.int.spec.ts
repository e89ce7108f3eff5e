import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { launch } from './launch.js';
import type { ProcessGroup } from './processes/process-group.js';
import { until } from './readiness.js';
import { StartRefused } from './start-refused.js';
import { DataDirectory } from './state/data-directory.js';
import { claimPorts } from './state/ports.js';

const root = resolve(import.meta.dirname, '../..');
const fake = join(import.meta.dirname, 'fixtures', 'fake-process.mjs');
const never = new AbortController().signal;

interface Running {
  readonly processes: ProcessGroup;
  readonly printed: string[];
  readonly warned: string[];
  readonly stop: () => Promise<void>;
}

describe('the launcher with stand-ins for our programs and a real nats-server', () => {
  let folder: string;
  let running: Running[] = [];

  const start = async (name: string, extra: NodeJS.ProcessEnv = {}): Promise<Running> => {
    const dataDirectory = join(folder, name);
    const { port } = await claimPorts(new DataDirectory(join(folder, `${name}-port`)), ['port']);
    const stop = new AbortController();
    const printed: string[] = [];
    const warned: string[] = [];
    let ended: Promise<void> = Promise.resolve();
    const processes = await new Promise<ProcessGroup>((ready, failed) => {
      ended = launch(
        {
          environment: {
            PATH: `${process.env.PATH}:/usr/sbin`,
            DATA_DIR: dataDirectory,
            SERVICE_PORT: String(port),
            JOURNAL: join(folder, `${name}.journal`),
            GITHUB_TOKEN: 'of the shell',
            ...extra,
          },
          workingDirectory: folder,
          root,
          mainFile: () => fake,
          print: (text) => printed.push(text),
          warn: (text) => warned.push(text),
          ready,
        },
        stop.signal,
      );
      ended.catch(failed);
    });
    const system = {
      processes,
      printed,
      warned,
      stop: () => {
        stop.abort();
        return ended;
      },
    };
    running.push(system);
    return system;
  };

  const journal = (name: string) =>
    readFileSync(join(folder, `${name}.journal`), 'utf8')
      .trim()
      .split('\n');
  const environmentIn = async ({ processes }: Running, name: string): Promise<Record<string, string>> =>
    (await (await fetch(`${processes.runFile(name)?.internal_url}/environment`)).json()) as Record<
      string,
      string
    >;
  const devFile = (name: string) => join(folder, name, 'run', 'dev.json');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  });
  afterEach(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    running = [];
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts in order, gives each process its own environment and says how to try it', async () => {
    const system = await start('whole');

    expect(journal('whole').slice(0, 2).sort()).toEqual(['started event-store', 'started simulator']);
    expect(journal('whole')).toHaveLength(7);
    expect(system.processes.runFile('nats')).toMatchObject({
      app: 'nats',
      pid: system.processes.pid('nats'),
      url: expect.stringMatching(/^nats:\/\/127\.0\.0\.1:\d+$/),
    });

    const [gateway, provisioner, audit] = await Promise.all(
      ['gateway', 'provisioner', 'audit'].map((name) => environmentIn(system, name)),
    );
    expect(gateway?.NATS_URL).toMatch(/^nats:\/\/gateway:\w+@127\.0\.0\.1:\d+$/);
    expect(gateway?.GITHUB_WEBHOOK_SECRET).toBeDefined();
    expect(gateway).not.toHaveProperty('GITHUB_APP_PRIVATE_KEY_PATH');
    expect(provisioner?.EVENTSTORE_URL).toMatch(/^esdb:\/\/127\.0\.0\.1:\d+\?tls=false$/);
    expect(provisioner?.GITHUB_APP_PRIVATE_KEY_PATH).toContain('github-app.pem');
    expect(Object.keys(audit ?? {}).filter((name) => name.startsWith('GITHUB_'))).toEqual([
      'GITHUB_ORG',
      'GITHUB_URL',
    ]);

    const access = JSON.parse(readFileSync(devFile('whole'), 'utf8'));
    // written before any app runs: whoever waits for the service to be ready finds it
    const gatewayFile = join(folder, 'whole', 'run', 'gateway.json');
    expect(statSync(devFile('whole')).mtimeMs).toBeLessThanOrEqual(statSync(gatewayFile).mtimeMs);
    expect(access).toMatchObject({
      token: 'a.b.c',
      admin_token: 'a.b.c',
      webhook_secret: gateway?.GITHUB_WEBHOOK_SECRET,
    });
    expect(statSync(devFile('whole')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'whole')).mode & 0o777).toBe(0o700);
    expect(system.printed.join()).toContain('-H "Authorization: Bearer a.b.c"');
    expect(system.warned).toContain('sync: warning: hello from sync');
  });

  it('starts a process that was killed again, at once and at the same address', async () => {
    const system = await start('killed');
    for (const name of ['audit', 'nats', 'event-store']) {
      const before = system.processes.runFile(name);
      process.kill(before?.pid ?? 0, 'SIGKILL');
      const begin = Date.now();
      const after = await until(() => {
        const found = system.processes.runFile(name);
        return found?.pid === before?.pid ? undefined : found;
      }, never);
      expect(Date.now() - begin).toBeLessThan(10_000);
      expect(after).toEqual({ ...before, pid: after.pid });
    }
  });

  it('stops the gateway first and the store last', async () => {
    const system = await start('stopped');
    const pid = system.processes.pid('nats') ?? 0;
    await system.stop();
    const stops = journal('stopped').filter((line) => line.startsWith('stopped'));
    expect(stops).toHaveLength(7);
    expect([stops.at(0), ...stops.slice(-2)]).toEqual([
      'stopped gateway',
      'stopped simulator',
      'stopped event-store',
    ]);
    expect(() => process.kill(pid, 0)).toThrow();
  });

  it('kills what does not want to end, within 10 s', async () => {
    const system = await start('deaf', { DEAF: 'audit' });
    const begin = Date.now();
    await system.stop();
    expect(Date.now() - begin).toBeLessThan(10_000);
    expect(journal('deaf')).toContain('ignored audit');
    expect(journal('deaf').at(-1)).toBe('stopped event-store');
  }, 15_000);

  it('refuses a second start on the same data directory, naming the first', async () => {
    await start('twice');
    await expect(start('twice')).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('ends what a launcher that was killed has left, and nothing that only has its pid', async () => {
    const data = new DataDirectory(join(folder, 'left'));
    writeFileSync(join(folder, 'left', 'processes.json'), JSON.stringify({ audit: `${process.pid} 1` }));
    await start('left');
    expect(data.readJson(data.in('processes.json'))).toHaveProperty('nats');
  });

  it('refuses a port that is taken', async () => {
    const { processes } = await start('first');
    const taken = new URL(processes.runFile('audit')?.internal_url ?? '').port;
    await expect(start('second', { SERVICE_PORT: taken })).rejects.toThrow(StartRefused);
  });

  it('shows no token where none is needed', async () => {
    const system = await start('open', { ENABLE_OIDC_AUTH: 'false' });
    expect(system.printed.join()).not.toContain('Bearer');
  });
});
