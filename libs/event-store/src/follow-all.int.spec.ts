import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { factSchemas, type Recorded } from '#libs/contracts';
import { type EmbeddedEventStore, startEmbeddedEventStore } from '../../embedded-event-store/src/index.js';
import { type EventCodec, eventCodec, factCodec } from './event-codec.js';
import type { EventStore, FollowOptions, Place } from './event-store.port.js';
import { eventStoreDb } from './eventstoredb.event-store.js';

jest.setTimeout(30_000);

/** A release that records a fact this one does not know, and another one in a newer version. */
const newerRelease = eventCodec(
  {
    ...factSchemas,
    LampStolen: z.object({}),
    RunnerNameReleased: z.object({ runnerId: z.uuid(), releasedBy: z.string() }),
  },
  { RunnerNameReleased: [({ runnerId }) => ({ runnerId, releasedBy: 'nobody known' })] },
);
const metadata = { $correlationId: 'r', $causationId: 'r', actor: { kind: 'service' as const } };
const event = (type: string, data: unknown) => ({ id: randomUUID(), type, data, metadata });
const released = () =>
  event('RunnerNameReleased', { runnerId: randomUUID(), releasedAt: '2026-03-01T10:00:00.000Z' });

describe('following a store that is started and stopped', () => {
  let folder: string;
  let server: EmbeddedEventStore | undefined;
  let store: EventStore | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rts-follow-'));
  });
  afterEach(async () => {
    await store?.close();
    await server?.stop();
    store = undefined;
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const startServer = async (file = 'log.db', port = 0) => {
    server = await startEmbeddedEventStore({ file: join(folder, file), port });
    return server;
  };
  const stopServer = async () => {
    await server?.stop();
    server = undefined;
  };
  /** A service of some release; there is one client at a time. */
  const release = async (codec: EventCodec = factCodec) => {
    await store?.close();
    store = eventStoreDb((server as EmbeddedEventStore).connectionString, codec);
    return store;
  };

  /** Follows, and notes what comes. */
  const follower = (log: EventStore, options: Partial<FollowOptions> = {}) => {
    const stopping = new AbortController();
    const seen: Recorded[] = [];
    const interruptions: number[] = [];
    let waiting: { count: number; resolve: () => void } | undefined;
    const ended = log.follow({
      prefixes: ['runnerName-'],
      onFacts: async (facts) => {
        seen.push(...facts);
        if (waiting && seen.length >= waiting.count) waiting.resolve();
      },
      onInterrupted: () => interruptions.push(performance.now()),
      signal: stopping.signal,
      ...options,
    });
    ended.catch(() => {});
    const has = (count: number) =>
      new Promise<void>((resolve) => {
        waiting = { count, resolve };
        if (seen.length >= count) resolve();
      });
    return { seen, has, interruptions, ended, stop: () => stopping.abort() };
  };

  it('hands over what comes before a fact that cannot be read, and goes on there once it can', async () => {
    await startServer();
    const before = [released(), released()];
    await (await release()).append('runnerName-a', before, 'no_stream');
    const newer = await release(newerRelease);
    const after = event('RunnerNameReleased', { runnerId: randomUUID(), releasedBy: 'alice' });
    await newer.append('runnerName-a', [event('LampStolen', {}), after], 1n);

    const old = follower(await release());
    await expect(old.ended).rejects.toThrow('cannot read LampStolen at runnerName-a@2: unknown type');
    expect(old.seen.map(({ id }) => id)).toEqual(before.map(({ id }) => id));

    const deployed = await release(newerRelease);
    const mended = follower(deployed, { after: old.seen.at(-1)?.position });
    await mended.has(2);
    mended.stop();
    await mended.ended;
    expect(mended.seen.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'LampStolen', data: {} },
      { type: 'RunnerNameReleased', data: after.data },
    ]);
    const [first] = await deployed.read('runnerName-a');
    expect(first).toMatchObject({ data: { releasedBy: 'nobody known' }, metadata: { schemaVersion: 1 } });
  });

  it('says of a newer version that it is one', async () => {
    await startServer();
    const fact = event('RunnerNameReleased', { runnerId: randomUUID(), releasedBy: 'alice' });
    await (await release(newerRelease)).append('runnerName-a', [fact], 'no_stream');
    const old = await release();
    await expect(follower(old).ended).rejects.toThrow(
      'cannot read RunnerNameReleased at runnerName-a@0: it is version 2, and this service knows versions up to 1',
    );
    await expect(old.read('runnerName-a')).rejects.toMatchObject({ name: 'UnreadableEvent' });
  });

  it('is refused when an older copy of the log has been put in its place meanwhile', async () => {
    const port = Number(new URL((await startServer()).connectionString).port);
    const log = await release();
    await log.append('runnerName-a', [released()], 'no_stream');
    await stopServer();
    copyFileSync(join(folder, 'log.db'), join(folder, 'backup.db'));
    await startServer('log.db', port);
    const following = follower(log);
    const { position } = await log.append('runnerName-a', [released()], 0n);
    await following.has(2);
    const last = following.seen.at(-1) as Place;
    await stopServer();
    await startServer('backup.db', port);
    await expect(following.ended).rejects.toMatchObject({
      name: 'LogRolledBack',
      lost: [{ position, id: last.id }],
    });

    // it has grown beyond the place again, with other facts
    for (let revision = 0n; revision < 5n; revision += 1n)
      await log.append('runnerName-a', [released()], revision);
    const later = follower(log, { after: position, seen: [{ position, id: last.id }] });
    await expect(later.ended).rejects.toMatchObject({ name: 'LogRolledBack' });
  });

  it('tries again after longer and longer pauses, never quite the same', async () => {
    await startServer();
    const log = await release();
    await stopServer();
    const following = follower(log);
    const enough = 5;
    while (following.interruptions.length < enough) await new Promise((resolve) => setTimeout(resolve, 20));
    following.stop();
    await following.ended;
    const pauses = following.interruptions
      .slice(1)
      .map((at, index) => at - (following.interruptions[index] ?? 0));
    expect(pauses.every((pause, index) => pause >= 50 * 2 ** index)).toBe(true);
  });
});

describe('the client of a process', () => {
  let server: EmbeddedEventStore;
  beforeEach(async () => {
    server = await startEmbeddedEventStore({ file: ':memory:' });
  });
  afterEach(() => server.stop());

  it('is the only one until it is closed', async () => {
    const first = eventStoreDb(server.connectionString);
    expect(() => eventStoreDb(server.connectionString)).toThrow(
      'this process has a client of the event store',
    );
    await first.close();
    await first.close();
    const second = eventStoreDb(server.connectionString);
    await second.append('runnerName-a', [released()], 'no_stream');
    await second.close();
  });

  it('is closed once the appends on their way are answered, and takes no more', async () => {
    const store = eventStoreDb(server.connectionString);
    const streams = Array.from({ length: 200 }, (_, index) => `runnerName-${index}`);
    const appends = streams.map((stream) => store.append(stream, [released()], 'no_stream'));
    const closed = store.close();
    await expect(store.append('runnerName-late', [released()], 'no_stream')).rejects.toMatchObject({
      code: 'event-store-unavailable',
    });
    await closed;
    expect((await Promise.allSettled(appends)).filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('tells whoever still follows that it is closed', async () => {
    const store = eventStoreDb(server.connectionString);
    const caughtUp = Promise.withResolvers<void>();
    const following = store.follow({
      prefixes: ['runnerName-'],
      onFacts: async () => {},
      onCaughtUp: caughtUp.resolve,
      signal: new AbortController().signal,
    });
    const refused = expect(following).rejects.toMatchObject({ code: 'event-store-unavailable' });
    await caughtUp.promise;
    await store.close();
    await refused;
  });
});
