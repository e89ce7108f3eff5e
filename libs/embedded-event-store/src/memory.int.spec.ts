import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryEvent, EventStoreDBClient, START } from '@eventstore/db-client';
import {
  type CompiledSources,
  compileSources,
  type EventStoreProcess,
  startEventStoreProcess,
} from './testing/event-store-process.js';
import { newStream } from './testing/events.js';
import { openStuckReader } from './testing/stuck-reader.js';

const STUCK_READERS = 30;
const EVENT_BYTES = 50_000;
/** Together more than the process may have in all. */
const EVENTS = 6_000;
const MEBIBYTE = 1024 * 1024;
const LIMIT = 200 * MEBIBYTE;

describe('the memory of the store', () => {
  let sources: CompiledSources;
  let folder: string;
  let server: EventStoreProcess;
  beforeAll(async () => {
    sources = compileSources();
    folder = mkdtempSync(join(tmpdir(), 'memory-'));
    server = await startEventStoreProcess(sources, folder);
  });
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
    sources.remove();
  });

  const residentBytes = (): number =>
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.child.pid)], { encoding: 'utf8' })) * 1024;

  it(`stays below ${LIMIT / MEBIBYTE} MiB although readers do not read, and a reader that does gets everything`, async () => {
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const host = new URL(server.connectionString).host;
    const stuck = await Promise.all(Array.from({ length: STUCK_READERS }, () => openStuckReader(host)));
    const paused = client.subscribeToAll({ fromPosition: START });
    await new Promise((resolve) => paused.once('caughtUp', resolve).resume());
    paused.pause();

    const stream = newStream();
    let highest = 0;
    for (let written = 0; written < EVENTS; written += 20) {
      const batch = Array.from({ length: 20 }, () =>
        binaryEvent({ type: 'Large', data: Buffer.alloc(EVENT_BYTES, 1) }),
      );
      await client.appendToStream(stream, batch);
      if (written % 400 === 0) highest = Math.max(highest, residentBytes());
    }
    expect(highest).toBeLessThan(LIMIT);

    let received = 0;
    for await (const { event } of paused) {
      if (event?.streamId === stream) received += 1;
      if (received % 400 === 0) highest = Math.max(highest, residentBytes());
      if (received === EVENTS) break;
    }
    expect(highest).toBeLessThan(LIMIT);
    for (const reader of stuck) reader.close();
    await client.dispose();
  }, 120_000);
});
