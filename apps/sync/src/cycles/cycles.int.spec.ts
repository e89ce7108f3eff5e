import { randomUUID } from 'node:crypto';
import { expect, jest } from '@jest/globals';
import { Problem, type SyncCycleEvent, type SyncResult, streams, syncCycleEvent } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import { FakeGithub } from '#libs/github';
import { runProjections } from '#libs/read-model';
import { onEachDatabase } from '#libs/testing';
import { PollingState } from '../status/polling-state.js';
import type { Polling } from '../sync.config.js';
import { eventually } from '../testing/eventually.js';
import { scope } from '../testing/log-of-runners.js';
import { openTestDatabase } from '../testing/test-database.js';
import { quiet } from '../testing/tracked-log.js';
import type { CycleEnd } from './cycle-outcome.js';
import { CycleRecord } from './cycle-record.js';
import { Cycles } from './cycles.js';
import { requestedCycleProjection } from './requested-cycle.projection.js';
import { RequestedCycles } from './requested-cycles.js';

jest.setTimeout(60_000);

const nothing: SyncResult = {
  updated: 0,
  deleted: 0,
  unchanged: 1,
  errors: 0,
  labelDrifts: 0,
  unmanaged: 0,
  total: 1,
};
const unmanaged = { total: 0, newest: [] };
const startedAt = '2026-11-03T10:00:00.000Z';
const endedAt = '2026-11-03T10:00:01.000Z';
const admin = {
  kind: 'user' as const,
  issuer: 'https://issuer.example',
  subject: 'ada',
  userId: randomUUID(),
};
const seldom: Polling = { everyMs: 3_600_000, pendingEveryMs: 3_600_000, atOnce: false };

onEachDatabase('cycles', ({ test, newAddress, closing }) => {
  const start = async (polling: Polling, end: () => Promise<CycleEnd> | CycleEnd) => {
    const database = closing(await openTestDatabase(newAddress()));
    const store = inMemoryEventStore();
    const requested = new RequestedCycles(database);
    const following = runProjections({
      log: store,
      database,
      projections: [requestedCycleProjection],
      logger: quiet,
      onApplied: () => requested.news.ring(),
    });
    closing({ close: () => following.stop() });
    await following.untilCaughtUp();
    const state = new PollingState(database, new FakeGithub());
    const looks: string[] = [];
    const reconciliation = {
      run: async (_: unknown, priority: string) => {
        looks.push(priority);
        return end();
      },
    };
    const record = new CycleRecord(store, scope);
    const lead = () => {
      const cycles = new Cycles({ reconciliation, requested, record, state, polling, logger: quiet });
      const ending = new AbortController();
      const ended = cycles.run({ observer: randomUUID(), term: 1, signal: ending.signal });
      const stop = async () => {
        ending.abort();
        await ended;
      };
      closing({ close: stop });
      return stop;
    };
    const ask = async () => {
      const cycleId = randomUUID();
      const event = syncCycleEvent('SyncCycleRequested')({
        scope,
        cycleId,
        requestedBy: admin.userId,
        requestedAt: startedAt,
      });
      const metadata = {
        $correlationId: `request of ${cycleId}`,
        $causationId: cycleId,
        actor: admin,
        requestIp: '192.0.2.7',
      };
      await store.append(streams.syncRun(scope), [{ ...event, id: randomUUID(), metadata }], 'any');
      return cycleId;
    };
    const recorded = () => store.all().filter(({ type }) => type !== 'SyncCycleRequested');
    return { lead, ask, recorded, looks, requested, state };
  };

  test('one that is asked for is run at once and recorded in the name of who asked', async () => {
    const { lead, ask, recorded, looks, requested, state } = await start(undefined, () => ({
      startedAt,
      endedAt,
      result: nothing,
      unmanaged,
    }));
    lead();
    const cycleId = await ask();
    expect(await requested.ended(cycleId, 10_000)).toMatchObject({ result: nothing, failure: null });
    expect(looks).toEqual(['high']);
    expect(recorded()).toMatchObject([
      {
        type: 'SyncCycleCompleted',
        data: { cycleId, result: nothing },
        metadata: { actor: admin, $correlationId: `request of ${cycleId}`, requestIp: '192.0.2.7' },
      },
    ]);
    expect((await state.read())?.lastCycle).toEqual({
      cycleId,
      startedAt,
      completedAt: endedAt,
      success: true,
      result: nothing,
    });
  });

  test('one that fails says why, and polling goes on', async () => {
    const problem = new Problem('github-unavailable', 'GitHub answered with an error (HTTP 502).', {
      retryAfterSeconds: 7,
    });
    const { lead, ask, recorded, requested, state } = await start(seldom, () => ({
      startedAt,
      endedAt,
      problem,
    }));
    lead();
    const first = await requested.ended(await ask(), 10_000);
    const failure = { code: 'github-unavailable', detail: problem.message, retryAfterSeconds: 7 };
    expect(first?.failure).toEqual(failure);
    expect(recorded()).toMatchObject([{ type: 'SyncCycleFailed', data: failure }]);
    const read = await state.read();
    expect(read?.lastCycle).toMatchObject({ success: false, error: { code: 'github-unavailable' } });
    expect(read?.nextRunAt?.getTime()).toBeGreaterThan(Date.now());
    expect((await requested.ended(await ask(), 10_000))?.failure).toEqual(failure);
  });

  test('those asked for while one runs share the next', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { lead, ask, looks, requested } = await start(undefined, async () => {
      await held;
      return { startedAt, endedAt, result: nothing, unmanaged };
    });
    lead();
    const first = await ask();
    await eventually(() => expect(looks).toHaveLength(1));
    const others = await Promise.all([ask(), ask(), ask()]);
    release();
    for (const cycleId of [first, ...others])
      expect((await requested.ended(cycleId, 10_000))?.result).toEqual(nothing);
    expect(looks.length).toBeLessThanOrEqual(4);
    expect(looks.length).toBeGreaterThanOrEqual(2);
  });

  test('what a leader did not get to is done by the next', async () => {
    const hanging = Promise.withResolvers<CycleEnd>();
    let leaders = 0;
    const { lead, ask, looks, requested } = await start(undefined, () => {
      leaders += 1;
      return leaders === 1 ? hanging.promise : { startedAt, endedAt, result: nothing, unmanaged };
    });
    const stop = lead();
    const cycleId = await ask();
    await eventually(() => expect(looks).toHaveLength(1));
    const stopped = stop();
    hanging.resolve({ startedAt, endedAt, result: { ...nothing, updated: 99 }, unmanaged });
    await stopped;
    expect(await requested.ended(cycleId, 50)).toBeUndefined();
    lead();
    expect((await requested.ended(cycleId, 10_000))?.result).toEqual(nothing);
  });

  test('nobody asked for are recorded when they changed something', async () => {
    const results = [nothing, { ...nothing, updated: 2 }, nothing];
    const { lead, recorded, looks } = await start({ ...seldom, everyMs: 5, atOnce: true }, () => ({
      startedAt,
      endedAt,
      result: results.shift() ?? nothing,
      unmanaged,
    }));
    lead();
    await eventually(() => expect(looks.length).toBeGreaterThan(4));
    expect(new Set(looks)).toEqual(new Set(['low']));
    expect((recorded() as unknown as SyncCycleEvent[]).map(({ type, data }) => [type, data])).toMatchObject([
      ['SyncCycleCompleted', { result: { updated: 2 } }],
    ]);
  });
});
