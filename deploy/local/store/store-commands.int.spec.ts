import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKWARDS, END, EventStoreDBClient, START } from '@eventstore/db-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkBackup } from '#libs/embedded-event-store';
import {
  type CompiledSources,
  compileSources,
  type EventStoreProcess,
  startEventStoreProcess,
} from '../../../libs/embedded-event-store/src/testing/event-store-process.js';
import { all, events, revisionsOf } from '../../../libs/embedded-event-store/src/testing/events.js';
import { DataDirectory } from '../state/data-directory.js';
import { lockDataDirectory } from '../state/data-directory-lock.js';
import { backUpStore } from './back-up-store.js';
import { restoreStore } from './restore-store.js';
import type { StoreCommand } from './run-store-command.js';

let sources: CompiledSources;
let folder: string;
let dataDirectory: string;
let file: string;
const started: EventStoreProcess[] = [];

beforeAll(() => {
  sources = compileSources();
});
afterAll(() => sources.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-commands-'));
  dataDirectory = join(folder, 'data');
  file = join(folder, 'backup.db');
});
afterEach(async () => {
  for (const server of started.splice(0)) await kill(server);
  rmSync(folder, { recursive: true, force: true });
});

const start = async (): Promise<EventStoreProcess> => {
  const data = new DataDirectory(dataDirectory);
  const server = await startEventStoreProcess(sources, data.in('run'), {
    EVENT_STORE_FILE: data.in('event-store.db'),
  });
  started.push(server);
  return server;
};

const kill = async ({ child, exited }: EventStoreProcess): Promise<void> => {
  child.kill('SIGKILL');
  await exited;
};

const command = (variables: StoreCommand['variables'] = {}): StoreCommand => ({
  variables,
  dataDirectory,
  file,
});

const append = async (server: EventStoreProcess, stream: string, count: number): Promise<void> => {
  const client = EventStoreDBClient.connectionString(server.connectionString);
  await client.appendToStream(stream, events(count));
  await client.dispose();
};

const read = async (server: EventStoreProcess, stream: string): Promise<number[]> => {
  const client = EventStoreDBClient.connectionString(server.connectionString);
  const revisions = revisionsOf(await all(client.readStream(stream)));
  await client.dispose();
  return revisions;
};

describe('store:backup', () => {
  it('writes what the running store holds to a file, checked, and says what', async () => {
    const server = await start();
    await append(server, 'order-1', 50);
    const report = await backUpStore(command());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { events: held, lastPosition, bytes } = checkBackup(file);
    expect(held).toBe(51);
    expect(report).toBe(`${file}: 51 events up to position ${lastPosition}, ${bytes} bytes, checked.`);
    expect(readdirSync(dataDirectory).filter((name) => name.includes('backup'))).toEqual([]);
  });

  it('is refused when the file is there, or its folder is not', async () => {
    await start();
    writeFileSync(file, 'mine');
    await expect(backUpStore(command())).rejects.toThrow('is there already');
    await expect(backUpStore({ ...command(), file: join(folder, 'no', 'x') })).rejects.toThrow(
      'There is no folder',
    );
    expect(statSync(file).size).toBe(4);
  });

  it('is refused when no store runs', async () => {
    await expect(backUpStore(command())).rejects.toThrow(`No event store runs on ${dataDirectory}`);
    expect(existsSync(dataDirectory)).toBe(false);
    await kill(await start());
    await expect(backUpStore(command())).rejects.toThrow(`No event store runs on ${dataDirectory}`);
  });

  it('is refused when the store is another', async () => {
    const variables = { EVENTSTORE_URL: 'esdb://elsewhere:2113' };
    await expect(backUpStore(command(variables))).rejects.toThrow('EVENTSTORE_URL is set');
    await expect(restoreStore(command(variables))).rejects.toThrow('EVENTSTORE_URL is set');
  });
});

describe('store:restore', () => {
  const backedUp = async (): Promise<EventStoreProcess> => {
    const server = await start();
    await append(server, 'order-1', 50);
    await backUpStore(command());
    await append(server, 'order-1', 50);
    return server;
  };
  const moveStoreAway = (): void => {
    for (const name of readdirSync(dataDirectory).filter((one) => one.startsWith('event-store.db'))) {
      rmSync(join(dataDirectory, name));
    }
  };

  it('brings the store back as it was, and removes the views that may be ahead of it', async () => {
    await kill(await backedUp());
    moveStoreAway();
    for (const view of ['rts.audit.db', 'rts.audit.db-wal', 'rts.sync.db']) {
      writeFileSync(join(dataDirectory, view), 'view');
    }
    const report = await restoreStore(command());
    expect(report).toContain('51 events');
    expect(report).toContain('rts.audit.db, rts.sync.db');
    expect(readdirSync(dataDirectory).filter((name) => name.startsWith('rts.'))).toEqual([]);
    const server = await start();
    expect(await read(server, 'order-1')).toHaveLength(50);
    await append(server, 'order-1', 1);
    expect((await read(server, 'order-1')).at(-1)).toBe(50);
  });

  it('lets a reader who had got beyond the backup miss nothing of what comes', async () => {
    const server = await backedUp();
    const before = EventStoreDBClient.connectionString(server.connectionString);
    const [last] = await all(before.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
    const reached = last?.event?.position;
    expect(reached).toBeDefined();
    await before.dispose();
    await kill(server);
    moveStoreAway();
    await restoreStore(command());

    const restored = await start();
    await append(restored, 'order-2', 3);
    const after = EventStoreDBClient.connectionString(restored.connectionString);
    const seen: string[] = [];
    for await (const { event } of after.subscribeToAll({ fromPosition: reached ?? START })) {
      seen.push(`${event?.streamId}@${event?.revision}`);
      if (seen.length === 4) break;
    }
    expect(seen).toEqual(['$restores@0', 'order-2@0', 'order-2@1', 'order-2@2']);
    await after.dispose();
  });

  it('tells of views that are elsewhere', async () => {
    await kill(await backedUp());
    moveStoreAway();
    const report = await restoreStore(command({ DATABASE_URL: 'postgresql://host/rts' }));
    expect(report).toContain('drop the views there, too');
  });

  it('is refused while the store runs, although its file was taken away', async () => {
    await backedUp();
    moveStoreAway();
    await expect(restoreStore(command())).rejects.toThrow('An event store still runs');
  });

  it('is refused while a launcher holds the data directory', async () => {
    await kill(await backedUp());
    moveStoreAway();
    const lock = lockDataDirectory(new DataDirectory(dataDirectory));
    await expect(restoreStore(command())).rejects.toThrow('is in use by process');
    lock.release();
    await restoreStore(command());
  });

  it('is refused when there is a store, or the journal of one', async () => {
    await kill(await backedUp());
    writeFileSync(join(dataDirectory, 'rts.audit.db'), 'view');
    await expect(restoreStore(command())).rejects.toThrow('Move it away');
    rmSync(join(dataDirectory, 'event-store.db'));
    await expect(restoreStore(command())).rejects.toThrow('event-store.db-wal');
    expect(existsSync(join(dataDirectory, 'rts.audit.db'))).toBe(true);
  });

  it('is refused when the backup is damaged, and changes nothing', async () => {
    mkdirSync(dataDirectory);
    writeFileSync(file, 'Dear diary, '.repeat(20));
    writeFileSync(join(dataDirectory, 'rts.audit.db'), 'view');
    await expect(restoreStore(command())).rejects.toThrow('is no event store');
    expect(readdirSync(dataDirectory).filter((name) => name.includes('.db'))).toEqual(['rts.audit.db']);
  });
});
