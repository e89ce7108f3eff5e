import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { binaryEvent, EventStoreDBClient, type RecordedEvent } from '@eventstore/db-client';
import {
  type CompiledSources,
  compileSources,
  type EventStoreProcess,
  spawnCompiled,
  startEventStoreProcess,
} from './testing/event-store-process.js';
import { all, events, newStream, revisionsOf } from './testing/events.js';
import { freePort } from './testing/free-port.js';
import { acknowledgementsOf } from './testing/persistent-writer-output.js';
import { followingPrefix, ResumingSubscriber, type SeenEvent } from './testing/resuming-subscriber.js';

let sources: CompiledSources;
let folder: string;
let server: EventStoreProcess;
beforeAll(() => {
  sources = compileSources();
});
afterAll(() => sources.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scavenging-'));
});
afterEach(async () => {
  server.child.kill('SIGKILL');
  await server.exited;
  rmSync(folder, { recursive: true, force: true });
});

const scavenge = async (headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.internalUrl}/scavenge`, { method: 'POST', headers });
  return { status: response.status, body: (await response.json()) as Record<string, number> };
};

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${server.internalUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
};

const fileBytes = (): number => statSync(join(folder, 'events.sqlite')).size;

const placeOf = ({ streamId, revision }: SeenEvent): string => `${streamId}@${revision}`;

describe('scavenging a running store', () => {
  const large = (count: number) =>
    Array.from({ length: count }, () => binaryEvent({ type: 'Large', data: Buffer.alloc(100_000, 1) }));

  it('is asked for over the internal port, and shortens the file', async () => {
    server = await startEventStoreProcess(sources, folder, { EVENT_STORE_SCAVENGE_INTERVAL_SECONDS: '0' });
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const stream = newStream();
    for (let turn = 0; turn < 20; turn += 1) await client.appendToStream(stream, large(10));
    await client.setStreamMetadata(stream, { maxCount: 2 });
    const before = fileBytes();

    expect((await scavenge({ origin: 'http://localhost:8000' })).status).toBe(403);
    expect(await metric('event_store_last_scavenge_timestamp_seconds')).toBe(0);
    const { status, body } = await scavenge();
    expect(status).toBe(200);
    expect(body).toMatchObject({ removed_events: 198 });
    expect(body.reclaimed_bytes).toBeGreaterThan(198 * 100_000);
    expect(fileBytes()).toBeLessThan(before - 150 * 100_000);
    expect(await metric('event_store_scavenged_events_total')).toBe(198);
    expect(await metric('event_store_reclaimed_bytes_total')).toBe(body.reclaimed_bytes);
    expect(Date.now() / 1000 - (await metric('event_store_last_scavenge_timestamp_seconds'))).toBeLessThan(
      60,
    );

    expect(revisionsOf(await all(client.readStream(stream)))).toEqual([198, 199]);
    expect((await client.appendToStream(stream, events(1))).nextExpectedRevision).toBe(200n);
    await client.dispose();
  }, 20_000);

  it('happens by itself at an interval', async () => {
    server = await startEventStoreProcess(sources, folder, { EVENT_STORE_SCAVENGE_INTERVAL_SECONDS: '1' });
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const stream = newStream();
    await client.appendToStream(stream, events(50));
    await client.deleteStream(stream);
    for (let wait = 0; wait < 100; wait += 1) {
      if ((await metric('event_store_scavenged_events_total')) > 0) break;
      await setTimeout(100);
    }
    expect(await metric('event_store_scavenged_events_total')).toBe(49);
    const left = (await all(client.readAll())).filter(({ event }) => event?.streamId === stream);
    expect(revisionsOf(left)).toEqual([49]);
    await client.dispose();
  }, 20_000);
});

describe('a store that is killed again and again while it scavenges under load', () => {
  const KILLS = 5;
  const KEPT = 20;
  const LANES = 8;

  it('shows everything that is not hidden, in its place, and hides the rest', async () => {
    const environment = {
      EVENT_STORE_PORT: String(await freePort()),
      EVENT_STORE_SCAVENGE_INTERVAL_SECONDS: '0',
    };
    server = await startEventStoreProcess(sources, folder, environment);
    const { connectionString } = server;
    const describing = EventStoreDBClient.connectionString(connectionString);
    const pruned = Array.from({ length: LANES }, (_, lane) => `written-pruned-${lane}`);
    for (const stream of pruned) await describing.setStreamMetadata(stream, { maxCount: KEPT });
    await describing.dispose();

    const writers = ['written-pruned', 'written-kept'].map((name) =>
      spawnCompiled(sources, 'testing/persistent-writer.js', {
        CONNECTION_STRING: connectionString,
        WRITER_NAME: name,
      }),
    );
    const subscriber = new ResumingSubscriber(connectionString, followingPrefix('written-'));
    let cut = 0;
    for (let turn = 0; turn < KILLS; turn += 1) {
      await setTimeout(500 + turn * 150);
      const running = scavenge().catch(() => {
        cut += 1;
      });
      await setTimeout(5 + turn * 15);
      server.child.kill('SIGKILL');
      await server.exited;
      await running;
      server = await startEventStoreProcess(sources, folder, environment);
    }
    await setTimeout(500);
    expect((await scavenge()).status).toBe(200);
    for (const { child } of writers) child.kill('SIGTERM');
    expect(await Promise.all(writers.map(({ exited }) => exited))).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    expect((await scavenge()).status).toBe(200);
    expect(cut).toBeGreaterThan(0);

    const client = EventStoreDBClient.connectionString(connectionString);
    const log = (await all(client.readAll()))
      .map(({ event }) => event as RecordedEvent)
      .filter(({ streamId }) => streamId.startsWith('written-'));
    const last = log.at(-1);
    await subscriber.until(() => subscriber.received.at(-1)?.position?.commit === last?.position?.commit);

    const acknowledged = writers.flatMap(acknowledgementsOf);
    for (let lane = 0; lane < LANES; lane += 1) {
      for (const name of ['written-pruned', 'written-kept']) {
        const stream = `${name}-${lane}`;
        const revisions = revisionsOf(await all(client.readStream(stream)));
        const end = revisions.at(-1) ?? -1;
        const reached = Math.max(
          ...acknowledged.filter((one) => one.stream === stream).map(({ revision }) => revision),
        );
        expect(end).toBeGreaterThanOrEqual(reached);
        const first = name === 'written-pruned' ? end - KEPT + 1 : 0;
        expect(revisions).toEqual(Array.from({ length: end - first + 1 }, (_, n) => first + n));
        const inTheFile = log.filter(({ streamId }) => streamId === stream);
        expect(inTheFile.map(({ revision }) => Number(revision))).toEqual(revisions);
      }
    }
    const seen = subscriber.received.map(placeOf);
    const inTheFile = new Set(log.map(placeOf));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((place) => inTheFile.has(place))).toEqual(log.map(placeOf));
    await subscriber.stop();
    await client.dispose();
  }, 60_000);
});
