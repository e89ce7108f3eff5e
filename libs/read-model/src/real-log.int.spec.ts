import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { register } from 'prom-client';
import { z } from 'zod';
import { factSchemas } from '#libs/contracts';
import { type EventStore, eventCodec, eventStoreDb, factCodec } from '#libs/event-store';
import { type EmbeddedEventStore, startEmbeddedEventStore } from '../../embedded-event-store/src/index.js';
import { type Database, openDatabase, type Projection, runProjections } from './index.js';

jest.setTimeout(30_000);

const metadata = { $correlationId: 'r', $causationId: 'r', actor: { kind: 'service' as const } };
const event = (type: string, data: unknown) => ({ id: randomUUID(), type, data, metadata });
const nameReleased = () =>
  event('RunnerNameReleased', { runnerId: randomUUID(), releasedAt: '2026-03-01T10:00:00.000Z' });
/** A release that records something this one does not know. */
const newerCodec = eventCodec({ ...factSchemas, LampStolen: z.object({}) }, {});

/** Keeps the ids it was given. */
const collecting = (name: string, prefix: string) => {
  const ids: string[] = [];
  const projection: Projection = {
    name,
    prefixes: [prefix],
    apply: async (_, facts) => {
      ids.push(...facts.map(({ id }) => id));
    },
  };
  return { ids, projection };
};

describe('projections of a real log', () => {
  let folder: string;
  let server: EmbeddedEventStore;
  let database: Database;
  let closing: (() => Promise<void>)[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rts-real-log-'));
    server = await startEmbeddedEventStore({ file: join(folder, 'log.db') });
    database = await openDatabase({ dataDir: folder, app: 'spec', entities: [], migrations: [] });
    closing = [];
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = async (work: (store: EventStore) => Promise<unknown>, codec = factCodec) => {
    const store = eventStoreDb(server.connectionString, codec);
    await work(store);
    await store.close();
  };

  /** A service with some projections, from its start to its end. */
  const service = (projections: Projection[], codec = factCodec, passedBy: string[] = []) => {
    const store = eventStoreDb(server.connectionString, codec);
    const running = runProjections({
      log: store,
      database,
      projections,
      passedBy,
      logger: { warn: () => {}, error: () => {} },
    });
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      await running.stop();
      await store.close();
    };
    closing.push(stop);
    return { running, stop, store };
  };

  const restartServer = async (file = 'log.db') => {
    const { port } = new URL(server.connectionString);
    await server.stop();
    return {
      start: async () => {
        server = await startEmbeddedEventStore({ file: join(folder, file), port: Number(port) });
      },
    };
  };

  const lagOf = async (projection: string): Promise<number> => {
    const metric = await register.getSingleMetric('rts_projection_lag_seconds')?.get();
    return metric?.values.find(({ labels }) => labels.projection === projection)?.value ?? Number.NaN;
  };
  const until = async (condition: () => Promise<boolean> | boolean) => {
    while (!(await condition())) await sleep(10);
  };

  it('go on, after the release that can read it, at the fact that could not be read', async () => {
    const before = [nameReleased(), nameReleased()];
    const unknown = event('LampStolen', {});
    const after = nameReleased();
    const elsewhere = event('RunnerSlotReleased', {
      teamId: randomUUID(),
      runnerId: randomUUID(),
      releasedAt: '2026-03-01T10:00:00.000Z',
    });
    await write(async (store) => {
      await store.append('runnerName-a', [...before, unknown, after], 'no_stream');
      await store.append('teamCapacity-a', [elsewhere], 'no_stream');
    }, newerCodec);

    const names = collecting('names', 'runnerName-');
    const slots = collecting('slots', 'teamCapacity-');
    const old = service([names.projection, slots.projection]);
    await old.running.untilCaughtUp();
    expect(names.ids).toEqual(before.map(({ id }) => id));
    expect(slots.ids).toEqual([elsewhere.id]);
    expect(old.running.health()).toEqual({
      status: 'down',
      detail: 'names has stopped: cannot read LampStolen at runnerName-a@2: unknown type',
    });
    expect(await register.metrics()).toContain('rts_projection_stopped{projection="names"} 1');
    await until(async () => (await lagOf('names')) > 0);
    expect(await lagOf('slots')).toBe(0);
    await old.stop();

    const deployed = service([names.projection, slots.projection], newerCodec);
    await deployed.running.untilCaughtUp();
    expect(names.ids).toEqual([...before, unknown, after].map(({ id }) => id));
    expect(slots.ids).toEqual([elsewhere.id]);
    expect(deployed.running.health()).toEqual({ status: 'up' });
  });

  it('have caught up with who wrote what they make no rows of', async () => {
    const names = collecting('names', 'runnerName-');
    const { running, store } = service([names.projection], factCodec, ['teamCapacity-']);
    await running.untilCaughtUp();
    const elsewhere = {
      teamId: randomUUID(),
      runnerId: randomUUID(),
      releasedAt: '2026-03-01T10:00:00.000Z',
    };
    const { position } = await store.append(
      'teamCapacity-a',
      [event('RunnerSlotReleased', elsewhere)],
      'no_stream',
    );
    expect(await running.waitFor(position, 20_000)).toBe(true);
    expect(names.ids).toEqual([]);
  });

  it('are further and further behind while the store is away', async () => {
    const names = collecting('names', 'runnerName-');
    const { running } = service([names.projection]);
    await running.untilCaughtUp();
    expect(await lagOf('names')).toBe(0);
    const { start } = await restartServer();
    await until(async () => (await lagOf('names')) > 0.2);
    await until(async () => (await lagOf('names')) > 0.4);
    expect(running.health()).toMatchObject({ status: 'down' });
    await start();
    await until(async () => (await lagOf('names')) === 0);
    expect(running.health()).toEqual({ status: 'up' });
  });

  it('refuse an older copy of the log, and go on once the rows are built anew', async () => {
    await write((store) => store.append('runnerName-a', [nameReleased()], 'no_stream'));
    const slots = collecting('slots', 'teamCapacity-');
    const names = collecting('names', 'runnerName-');
    const first = service([names.projection, slots.projection]);
    await first.running.untilCaughtUp();
    expect(names.ids).toHaveLength(1);
    await (await restartServer('another.db')).start();
    await until(() => first.running.progress().some(({ stopped }) => stopped !== undefined));
    await first.stop();

    const kept = nameReleased();
    await write((store) => store.append('runnerName-a', [kept], 'no_stream'));
    const second = service([names.projection, slots.projection]);
    await second.running.untilCaughtUp();
    expect(second.running.progress()).toMatchObject([
      {
        name: 'names',
        stopped: expect.stringMatching(
          /the log no longer holds what was read from it at position \d+.*an older backup.*rebuilt: docs\/runbooks/,
        ),
      },
      { name: 'slots', stopped: undefined },
    ]);
    expect(names.ids).toHaveLength(1);
    await second.stop();

    await database.em().execute('delete from checkpoint');
    const rebuilt = service([names.projection, slots.projection]);
    await rebuilt.running.untilCaughtUp();
    expect(rebuilt.running.health()).toEqual({ status: 'up' });
    expect(names.ids.slice(1)).toEqual([kept.id]);
  });
});
