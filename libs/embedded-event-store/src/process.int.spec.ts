import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { checkBackup } from './backup/check-backup.js';
import {
  type CompiledSources,
  compileSources,
  type EventStoreProcess,
  spawnCompiled,
  startEventStoreProcess,
} from './testing/event-store-process.js';
import { all, events, newStream, revisionsOf } from './testing/events.js';
import { follow } from './testing/followed-subscription.js';
import { openStuckReader } from './testing/stuck-reader.js';

const untilMatches = async (read: () => Promise<string>, pattern: RegExp): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (pattern.test(await read())) return;
    await setTimeout(10);
  }
  throw new Error(`It never matched ${pattern}: ${await read()}`);
};

describe('the event store as a process', () => {
  let sources: CompiledSources;
  let folder: string;
  const started: EventStoreProcess[] = [];

  beforeAll(() => {
    sources = compileSources();
  });
  afterAll(() => sources.remove());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'event-store-'));
  });
  afterEach(async () => {
    for (const { child, exited } of started.splice(0)) {
      child.kill('SIGKILL');
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (environment: Record<string, string> = {}): Promise<EventStoreProcess> => {
    const server = await startEventStoreProcess(sources, folder, environment);
    started.push(server);
    return server;
  };

  /** For a start that is to fail: how it ended, and what it said at level fatal. */
  const refusedStart = async (environment: Record<string, string>) => {
    const { exited, output } = spawnCompiled(sources, 'main.js', {
      EVENT_STORE_PORT: '0',
      EVENT_STORE_FILE: join(folder, 'events.sqlite'),
      ...environment,
    });
    const { code } = await exited;
    const messages = output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: number; msg: string; fault?: string });
    return {
      code,
      messages: messages.filter(({ level }) => level === 60).map(({ msg, fault }) => fault ?? msg),
    };
  };

  it('leaves a run file for its owner, with where to find it', async () => {
    const { child, connectionString, internalUrl } = await start();
    const runFile = join(folder, 'event-store.json');
    expect(JSON.parse(readFileSync(runFile, 'utf8'))).toEqual({
      app: 'event-store',
      pid: child.pid,
      internal_url: internalUrl,
      connection_string: connectionString,
    });
    expect(statSync(runFile).mode & 0o777).toBe(0o600);
    expect(connectionString).toMatch(/^esdb:\/\/127\.0\.0\.1:\d+\?tls=false$/);
    expect(internalUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('shows its health and its metrics', async () => {
    const { connectionString, internalUrl } = await start();
    const client = EventStoreDBClient.connectionString(connectionString);
    await client.appendToStream(newStream(), events(3));
    const subscription = follow(client.subscribeToAll());
    await subscription.until(() => subscription.log.includes('caughtUp'));
    const get = async (path: string) => {
      const response = await fetch(`${internalUrl}${path}`);
      return { status: response.status, text: await response.text() };
    };
    expect(await get('/health/live')).toEqual({ status: 200, text: '{"status":"ok"}' });
    expect(await get('/health/ready')).toEqual({ status: 200, text: '{"status":"ok"}' });
    expect((await get('/metrics')).text).toMatch(/^event_store_committed_events_total 3$/m);
    expect((await get('/')).status).toBe(404);

    expect((await get('/metrics')).text).toMatch(/^event_store_subscriptions 1$/m);
    await subscription.unsubscribe();
    await untilMatches(async () => (await get('/metrics')).text, /^event_store_subscriptions 0$/m);
    await client.dispose();
  });

  it('on SIGTERM answers what it accepted, ends what is open, and goes on after a restart', async () => {
    const server = await start();
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const stream = newStream();
    await client.appendToStream(stream, events(2));
    const subscription = follow(client.subscribeToAll());
    await subscription.until(() => subscription.log.includes('caughtUp'));
    const answers = Promise.allSettled(
      Array.from({ length: 200 }, () => client.appendToStream(stream, events(1))),
    );
    server.child.kill('SIGTERM');

    const stopping = performance.now();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - stopping).toBeLessThan(5000);
    await subscription.until(() => subscription.log.at(-1)?.startsWith('error') === true);
    expect(subscription.log.at(-1)).toBe('error cancelled');
    const acknowledged = (await answers).filter(({ status }) => status === 'fulfilled').length;

    const restarted = await start();
    const reader = EventStoreDBClient.connectionString(restarted.connectionString);
    const revisions = revisionsOf(await all(reader.readStream(stream)));
    expect(revisions.length).toBeGreaterThanOrEqual(2 + acknowledged);
    expect(revisions).toEqual(revisions.map((_, index) => index));
    await reader.dispose();
  });

  it('ends within its limit although a reader does not read', async () => {
    const server = await start();
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const large = binaryEvent({ type: 'Large', data: Buffer.alloc(1_000_000) });
    await client.appendToStream(newStream(), [large]);
    await client.dispose();
    const stuck = await openStuckReader(new URL(server.connectionString).host);
    server.child.kill('SIGINT');
    const stopping = performance.now();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - stopping).toBeLessThan(5000);
    stuck.close();
  });

  it('copies its file when asked to, one copy at a time, and clears away what nobody claimed', async () => {
    const server = await start();
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const large = () => binaryEvent({ type: 'Large', data: Buffer.alloc(1_000_000, 1) });
    for (let turn = 0; turn < 20; turn += 1) await client.appendToStream(newStream(), [large()]);
    await client.dispose();
    const copy = async (headers: Record<string, string> = {}) => {
      const response = await fetch(`${server.internalUrl}/backup`, { method: 'POST', headers });
      return { status: response.status, body: (await response.json()) as { file?: string } };
    };
    expect((await copy({ origin: 'https://example.com' })).status).toBe(403);
    const copies = await Promise.all([copy(), copy()]);
    expect(copies.map(({ status }) => status).sort()).toEqual([200, 409]);
    const file = copies.find(({ status }) => status === 200)?.body.file ?? '';
    expect(checkBackup(file)).toMatchObject({ events: 21 });

    const another = copy().catch(() => undefined);
    server.child.kill('SIGKILL');
    await another;
    await server.exited;
    const restarted = await start();
    expect(readdirSync(folder).filter((name) => name.includes('copy'))).toEqual([]);
    const reader = EventStoreDBClient.connectionString(restarted.connectionString);
    expect(await all(reader.readAll())).toHaveLength(21);
    await reader.dispose();
  }, 20_000);

  it('keeps a second process off its file', async () => {
    await start();
    expect(await refusedStart({})).toEqual({
      code: 1,
      messages: [`The event store file ${join(folder, 'events.sqlite')} is in use by another process.`],
    });
  });

  it('keeps it off after a backup, too', async () => {
    const { internalUrl } = await start();
    expect((await fetch(`${internalUrl}/backup`, { method: 'POST' })).status).toBe(200);
    expect(await refusedStart({})).toMatchObject({ code: 1 });
  });

  it('does not start on a file that is none of its own', async () => {
    const file = join(folder, 'notes.txt');
    writeFileSync(file, 'Dear diary');
    const { code, messages } = await refusedStart({ EVENT_STORE_FILE: file });
    expect(code).toBe(1);
    expect(messages).toEqual([expect.stringContaining('is no event store')]);
    expect(readFileSync(file, 'utf8')).toBe('Dear diary');
  });

  it('reports every fault of its configuration', async () => {
    const { code, messages } = await refusedStart({
      EVENT_STORE_HOST: '0.0.0.0',
      EVENT_STORE_FILE: '',
      NODE_ENV: 'production',
    });
    expect(code).toBe(1);
    // the last lines of a process that ends may overtake one that is still being written
    expect(messages.map((message) => message.split(':')[0]).sort()).toEqual([
      'EVENT_STORE_FILE',
      'EVENT_STORE_HOST',
      'NODE_ENV',
    ]);
  });
});
