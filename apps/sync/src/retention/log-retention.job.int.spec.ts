import { randomUUID } from 'node:crypto';
import { expect, jest } from '@jest/globals';
import { Problem, streams } from '#libs/contracts';
import { type EventStore, inMemoryEventStore, type Retention } from '#libs/event-store';
import type { Database } from '#libs/read-model';
import { onEachDatabase } from '#libs/testing';
import { eventually } from '../testing/eventually.js';
import { LogOfRunners, scope } from '../testing/log-of-runners.js';
import { openTestDatabase } from '../testing/test-database.js';
import { quiet } from '../testing/tracked-log.js';
import { LogRetentionJob } from './log-retention.job.js';

jest.setTimeout(60_000);

onEachDatabase('what the store may forget', ({ test, newAddress, closing }) => {
  /** Notes which streams were told, beside telling them; it can be away. */
  const watched = (store: EventStore) => {
    const told: string[] = [];
    const state = { away: false };
    const view: EventStore = {
      ...store,
      retain: async (stream: string, retention: Retention) => {
        if (state.away) throw new Problem('event-store-unavailable', 'The event store cannot be reached.');
        await store.retain(stream, retention);
        told.push(stream);
      },
    };
    return { view, told, state };
  };

  const job = (store: EventStore, database: Database) => {
    const stopping = new AbortController();
    const ended = new LogRetentionJob({
      store,
      database,
      scope,
      retention: { deliverySeconds: 1, cycleEvents: 3 },
      logger: quiet,
      everyMs: 50,
    }).run(stopping.signal);
    const stop = async () => {
      stopping.abort();
      await ended;
    };
    closing({ close: stop });
    return { stop };
  };

  const delivered = async (store: EventStore, count: number): Promise<string[]> => {
    const guids = Array.from({ length: count }, () => randomUUID());
    for (const guid of guids) await new LogOfRunners(store).delivery({ action: 'queued' }, guid);
    return guids.map((guid) => streams.githubDelivery(guid));
  };
  const areForgotten = (store: EventStore, deliveries: readonly string[]) =>
    eventually(async () => {
      const left = await Promise.all(deliveries.map((stream) => store.read(stream)));
      expect(left.flat()).toEqual([]);
    });

  test('are deliveries of the past and of the present, after a while', async () => {
    const store = inMemoryEventStore();
    const before = await delivered(store, 20);
    job(store, closing(await openTestDatabase(newAddress())));
    const meanwhile = await delivered(store, 20);
    await areForgotten(store, [...before, ...meanwhile]);
    expect(store.all()).toHaveLength(40);
  });

  test('is told once, across restarts and outages of the store', async () => {
    const store = inMemoryEventStore();
    const { view, told, state } = watched(store);
    const database = closing(await openTestDatabase(newAddress()));
    const deliveriesTold = () => told.filter((stream) => stream.startsWith('githubDelivery-'));
    const first = await delivered(store, 10);
    const { stop } = job(view, database);
    await areForgotten(store, first);
    await stop();

    state.away = true;
    job(view, database);
    const second = await delivered(store, 10);
    state.away = false;
    await areForgotten(store, second);
    expect(deliveriesTold().sort()).toEqual([...first, ...second].sort());
  });

  test('are old records of polling, but not the newest', async () => {
    const store = inMemoryEventStore();
    job(store, closing(await openTestDatabase(newAddress())));
    const stream = streams.syncCycle(scope);
    const metadata = { $correlationId: 'r', $causationId: 'r', actor: { kind: 'service' as const } };
    const data = {
      scope,
      observer: randomUUID(),
      term: 1,
      takenAt: '2026-11-03T10:00:00.000Z',
      leaseExpiresAt: '2026-11-03T10:00:08.000Z',
    };
    for (let count = 0; count < 10; count += 1) {
      await store.append(stream, [{ type: 'SyncLeaseTaken', id: randomUUID(), data, metadata }], 'any');
    }
    await eventually(async () => {
      expect((await store.read(stream)).map(({ revision }) => revision)).toEqual([7n, 8n, 9n]);
    });
  });
});
