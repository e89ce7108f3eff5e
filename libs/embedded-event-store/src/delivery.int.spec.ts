import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import {
  type CompiledSources,
  compileSources,
  type EventStoreProcess,
  spawnCompiled,
  startEventStoreProcess,
} from './testing/event-store-process.js';
import { all } from './testing/events.js';
import { freePort } from './testing/free-port.js';
import {
  followingAll,
  followingPrefix,
  followingStream,
  ResumingSubscriber,
  type SeenEvent,
} from './testing/resuming-subscriber.js';

/** The lanes of a persistent writer. */
const WRITERS = 8;
const EVENTS = 20_000;
const EVENTS_PER_WRITER = EVENTS / WRITERS;

/** The store is killed when about so many events have arrived. */
const KILLED_AT = [2_000, 6_000, 11_000, 17_000];

const placeOf = ({ streamId, revision }: SeenEvent): string => `${streamId}@${revision}`;
const isWritten = ({ streamId }: SeenEvent): boolean => streamId.startsWith('written-');

describe(`${EVENTS} events of ${WRITERS} writers at once, through a store that is killed`, () => {
  let sources: CompiledSources;
  let folder: string;
  let server: EventStoreProcess;
  let subscribers: Record<'all' | 'prefix' | 'stream', ResumingSubscriber>;
  let log: SeenEvent[];

  beforeAll(async () => {
    sources = compileSources();
    folder = mkdtempSync(join(tmpdir(), 'delivery-'));
    const environment = { EVENT_STORE_PORT: String(await freePort()) };
    server = await startEventStoreProcess(sources, folder, environment);
    const { connectionString } = server;
    subscribers = {
      all: new ResumingSubscriber(connectionString, followingAll),
      prefix: new ResumingSubscriber(connectionString, followingPrefix('written-')),
      stream: new ResumingSubscriber(connectionString, followingStream('written-3')),
    };
    const writer = spawnCompiled(sources, 'testing/persistent-writer.js', {
      CONNECTION_STRING: connectionString,
      WRITER_NAME: 'written',
      LAST_REVISION: String(EVENTS_PER_WRITER - 1),
    });

    for (const arrived of KILLED_AT) {
      while (subscribers.prefix.received.length < arrived && writer.child.exitCode === null)
        await setTimeout(5);
      server.child.kill('SIGKILL');
      await server.exited;
      server = await startEventStoreProcess(sources, folder, environment);
    }
    const { code } = await writer.exited;
    if (code !== 0) throw new Error(writer.output());

    const client = EventStoreDBClient.connectionString(connectionString);
    log = (await all(client.readAll())).flatMap(({ event }) => (event && isWritten(event) ? [event] : []));
    await client.dispose();
    await subscribers.all.until(() => subscribers.all.received.filter(isWritten).length >= EVENTS);
    await subscribers.prefix.until(() => subscribers.prefix.received.length >= EVENTS);
    await subscribers.stream.until(() => subscribers.stream.received.length >= EVENTS_PER_WRITER);
  }, 120_000);

  afterAll(async () => {
    for (const subscriber of Object.values(subscribers)) await subscriber.stop();
    server.child.kill('SIGKILL');
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
    sources.remove();
  });

  it('are all in the log, once', () => {
    expect(log).toHaveLength(EVENTS);
    expect(new Set(log.map(placeOf)).size).toBe(EVENTS);
  });

  it('had every subscriber begin again', () => {
    for (const { resumptions } of Object.values(subscribers)) {
      expect(resumptions).toBeGreaterThanOrEqual(KILLED_AT.length);
    }
  });

  it('arrive exactly once and in order at a subscriber to $all', () => {
    expect(subscribers.all.received.filter(isWritten).map(placeOf)).toEqual(log.map(placeOf));
  });

  it('arrive exactly once and in order at a filtered subscriber', () => {
    expect(subscribers.prefix.received.map(placeOf)).toEqual(log.map(placeOf));
  });

  it('arrive exactly once and in order at a subscriber to one of the streams', () => {
    expect(subscribers.stream.received.map(placeOf)).toEqual(
      Array.from({ length: EVENTS_PER_WRITER }, (_, revision) => `written-3@${revision}`),
    );
  });
});
