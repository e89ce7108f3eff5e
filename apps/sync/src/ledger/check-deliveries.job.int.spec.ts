import { expect, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { streams } from '#libs/contracts';
import { type EventStore, inMemoryEventStore } from '#libs/event-store';
import { FakeAppHook, GithubRefusal } from '#libs/github';
import { onEachDatabase } from '#libs/testing';
import { SyncMetrics } from '../sync.metrics.js';
import { installationId, LogOfRunners } from '../testing/log-of-runners.js';
import { openTestDatabase } from '../testing/test-database.js';
import { quiet } from '../testing/tracked-log.js';
import { CheckDeliveriesJob } from './check-deliveries.job.js';
import { DeliveryAccounts } from './delivery-accounts.js';
import { DeliveryLedger } from './delivery-ledger.js';

jest.setTimeout(30_000);

const HOUR_MS = 60 * 60 * 1000;
const never = new AbortController().signal;

onEachDatabase("the ledger of GitHub's deliveries", ({ test, newAddress, closing }) => {
  const start = async ({
    address = newAddress(),
    hook = new FakeAppHook(10),
    store = inMemoryEventStore(),
  }: {
    address?: string;
    hook?: FakeAppHook;
    store?: EventStore;
  } = {}) => {
    const database = closing(await openTestDatabase(address));
    const accounts = new DeliveryAccounts(database);
    const clock = { aheadMs: 0 };
    const job = new CheckDeliveriesJob({
      hook,
      store,
      accounts,
      installationId,
      metrics: new SyncMetrics(new Registry()),
      logger: quiet,
      everyMs: 10 * 60_000,
      now: () => new Date(Date.now() + clock.aheadMs),
    });
    const log = new LogOfRunners(store);
    /** What the gateway and sync do with a delivery. */
    const recording = (status = 202) => {
      hook.receives(async ({ guid }) => {
        await log.delivery({ action: 'queued' }, guid);
        return status;
      });
    };
    const nobodyThere = () => hook.receives(() => 503);
    recording();
    return {
      address,
      hook,
      store,
      accounts,
      recording,
      nobodyThere,
      check: () => job.check(never),
      passes: (ms: number) => {
        clock.aheadMs += ms;
      },
      status: () => new DeliveryLedger(accounts, true).status(),
      deliver: async (count: number) => {
        const guids: string[] = [];
        for (let index = 0; index < count; index += 1) guids.push(await hook.deliver({ installationId }));
        return guids;
      },
      timesInLog: async (guid: string) => (await store.read(streams.githubDelivery(guid))).length,
    };
  };

  test('accounts for all, over several pages, and asks for nothing', async () => {
    const { check, deliver, status, hook } = await start();
    expect(await status()).toMatchObject({ enabled: true, accountedFor: 0, of: 0 });
    await deliver(25);
    expect(await check()).toBe(10 * 60_000);
    expect(await status()).toMatchObject({
      accountedFor: 25,
      of: 25,
      askedAgain: 0,
      givenUp: 0,
      checkedAt: expect.any(String),
    });
    expect(hook.askedAgain).toEqual([]);
  });

  test('has delivered again what nobody recorded, each once', async () => {
    const { check, deliver, status, hook, nobodyThere, recording, timesInLog } = await start();
    await deliver(3);
    nobodyThere();
    const missed = await deliver(15);
    recording();
    await check();
    expect(hook.askedAgain).toHaveLength(15);
    expect(await check()).toBe(10 * 60_000);
    expect(await status()).toMatchObject({ accountedFor: 18, of: 18, askedAgain: 15, givenUp: 0 });
    for (const guid of missed) expect(await timesInLog(guid)).toBe(1);
    await check();
    expect(hook.askedAgain).toHaveLength(15);
  });

  test('does not ask for what was recorded although GitHub did not learn of it', async () => {
    const { check, deliver, status, hook, recording } = await start();
    recording(0);
    await deliver(2);
    recording(503);
    await deliver(2);
    await check();
    expect(hook.askedAgain).toEqual([]);
    expect(await status()).toMatchObject({ accountedFor: 4, of: 4 });
  });

  test('takes an acknowledgement for enough: what is of no use is recorded nowhere', async () => {
    const { check, deliver, status, hook } = await start();
    hook.receives(() => 200);
    await deliver(1);
    await check();
    expect(hook.askedAgain).toEqual([]);
    expect(await status()).toMatchObject({ accountedFor: 1, of: 1 });
  });

  test('leaves alone what is not ours, or no job', async () => {
    const { check, status, hook } = await start();
    hook.receives(() => 503);
    await hook.deliver({ installationId: 99 });
    await hook.deliver({});
    await hook.deliver({ installationId, event: 'installation' });
    await check();
    expect(hook.askedAgain).toEqual([]);
    expect(await status()).toMatchObject({ accountedFor: 0, of: 0 });
  });

  test('asks again at growing intervals for what is refused again, also after a restart', async () => {
    const { check, deliver, hook, nobodyThere, passes, address, store, recording, status } = await start();
    nobodyThere();
    await deliver(1);
    await check();
    expect(await check()).toBeGreaterThan(10_000);
    expect(hook.askedAgain).toHaveLength(1);
    await (await start({ address, hook, store })).check();
    expect(hook.askedAgain).toHaveLength(1);
    nobodyThere();
    for (const [minutes, times] of [
      [1, 2],
      [1, 2],
      [1, 3],
      [3, 3],
      [1, 4],
    ] as const) {
      passes(minutes * 60_000);
      await check();
      expect(hook.askedAgain).toHaveLength(times);
    }
    expect(await status()).toMatchObject({ accountedFor: 0, of: 1, askedAgain: 1 });
    recording();
    passes(4 * HOUR_MS);
    await check();
    await check();
    expect(await status()).toMatchObject({ accountedFor: 1, of: 1 });
  });

  test('keeps to a budget of 120 a minute, also after a restart', async () => {
    const { check, deliver, hook, nobodyThere, recording, address, store, passes, status } = await start({
      hook: new FakeAppHook(100),
    });
    nobodyThere();
    await deliver(150);
    recording();
    expect(await check()).toBe(10_000);
    expect(hook.askedAgain).toHaveLength(120);
    await (await start({ address, hook, store })).check();
    expect(hook.askedAgain).toHaveLength(120);
    passes(61_000);
    await check();
    expect(hook.askedAgain).toHaveLength(150);
    await check();
    expect(await status()).toMatchObject({ accountedFor: 150, of: 150 });
  });

  test('goes back three days when it remembers nothing, else to where it was', async () => {
    const { check, hook, status } = await start({ hook: new FakeAppHook(1) });
    const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
    hook.receives(() => 503);
    for (const hours of [80, 71, 30, 1, 0])
      await hook.deliver({ installationId, deliveredAt: ago(hours * HOUR_MS) });
    hook.receives(() => 202);
    await check();
    expect(hook.listings).toBe(5);
    expect(hook.askedAgain).toHaveLength(4);
    const before = hook.listings;
    await check();
    // what was delivered again, what came last, and the one before that ends the look
    expect(hook.listings - before).toBe(6);
    expect(await status()).toMatchObject({ accountedFor: 4, of: 4 });
  });

  test('says what is lost for good, and forgets it at last', async () => {
    const { check, deliver, hook, nobodyThere, passes, status } = await start();
    nobodyThere();
    await deliver(2);
    await check();
    hook.forget();
    passes(2 * 60_000);
    await check();
    expect(await status()).toMatchObject({ accountedFor: 0, of: 2, givenUp: 2 });
    passes(7 * 24 * HOUR_MS);
    await check();
    expect(await status()).toMatchObject({ of: 0, givenUp: 0 });
  });

  test('gives up in the end what is refused for three days', async () => {
    const { check, deliver, hook, nobodyThere, passes, status } = await start();
    nobodyThere();
    await deliver(1);
    for (let hours = 0; hours < 72; hours += 1) {
      await check();
      passes(HOUR_MS);
    }
    const asked = hook.askedAgain.length;
    expect(asked).toBeGreaterThan(15);
    expect(asked).toBeLessThan(30);
    passes(HOUR_MS);
    await check();
    expect(hook.askedAgain).toHaveLength(asked);
    expect(await status()).toMatchObject({ accountedFor: 0, of: 1, givenUp: 1 });
  });

  test('waits as long as GitHub says, and has lost nothing by it', async () => {
    const { check, deliver, hook, nobodyThere, recording, status } = await start();
    nobodyThere();
    await deliver(2);
    recording();
    hook.fails(new GithubRefusal('rate-limited', 'Too much.', { retryAfterSeconds: 90 }));
    expect(await check()).toBe(90_000);
    expect(await status()).not.toHaveProperty('checkedAt');
    hook.fails(undefined);
    await check();
    await check();
    expect(await status()).toMatchObject({ accountedFor: 2, of: 2, checkedAt: expect.any(String) });
  });

  test('waits as long as GitHub says also when it took other requests of the same moment', async () => {
    const { check, deliver, hook, nobodyThere, recording } = await start();
    nobodyThere();
    await deliver(30);
    recording();
    const redeliver = hook.redeliver.bind(hook);
    let asked = 0;
    hook.redeliver = async (deliveryId) => {
      asked += 1;
      if (asked === 1) throw new GithubRefusal('rate-limited', 'Too much.', { retryAfterSeconds: 90 });
      return redeliver(deliveryId);
    };
    expect(await check()).toBe(90_000);
  });

  test('asks for nothing while the log cannot say what is there', async () => {
    const store = inMemoryEventStore();
    const away = { ...store, readBackwards: () => Promise.reject(new Error('away')) };
    const { check, deliver, hook, nobodyThere } = await start({ store: away });
    nobodyThere();
    await deliver(1);
    await check();
    expect(hook.askedAgain).toEqual([]);
  });

  test('asks no more once its time is over', async () => {
    const { deliver, hook, nobodyThere, accounts, store } = await start();
    nobodyThere();
    await deliver(30);
    const ending = new AbortController();
    const job = new CheckDeliveriesJob({
      hook: {
        listDeliveries: async (cursor) => {
          ending.abort();
          return hook.listDeliveries(cursor);
        },
        redeliver: (id) => hook.redeliver(id),
      },
      store,
      accounts,
      installationId,
      metrics: new SyncMetrics(new Registry()),
      logger: quiet,
      everyMs: 1_000,
    });
    await job.run(ending.signal);
    expect(hook.askedAgain).toEqual([]);
    expect(hook.listings).toBe(1);
    expect(await accounts.lastCheck()).toBeNull();
  });

  test('is one for all replicas', async () => {
    const first = await start();
    await first.deliver(3);
    await first.check();
    const second = await start({ address: first.address, store: first.store, hook: first.hook });
    const { since: _, ...status } = await first.status();
    expect(await second.status()).toMatchObject(status);
  });
});
