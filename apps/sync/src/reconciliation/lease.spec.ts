import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Problem, type SyncCycleEvent, streams } from '#libs/contracts';
import { type EventStore, inMemoryEventStore } from '#libs/event-store';
import { scope } from '../testing/log-of-runners.js';
import { quiet } from '../testing/tracked-log.js';
import { Lease } from './lease.js';

const MOMENT_MS = 50;
const MOST_MOMENTS = 2_000;

/** Lets time pass, of which none does by itself, until what is expected is so. */
const inTime = async (expectation: () => void | Promise<void>): Promise<void> => {
  for (let moment = 0; ; moment += 1) {
    try {
      return await expectation();
    } catch (error) {
      if (moment === MOST_MOMENTS) throw error;
      await jest.advanceTimersByTimeAsync(MOMENT_MS);
    }
  }
};

describe('the lease', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  });

  const replicas: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
    jest.useRealTimers();
  });

  /** A process that only notes when it is on duty. */
  const replica = (store: EventStore) => {
    const stopping = new AbortController();
    const lease = new Lease({ store, scope, logger: quiet });
    let onDuty = false;
    const ended = lease.run(stopping.signal, async (tenure) => {
      onDuty = true;
      await new Promise((resolve) => tenure.signal.addEventListener('abort', resolve));
      onDuty = false;
    });
    const stop = async () => {
      stopping.abort();
      await ended;
    };
    const started = { lease, stop, isOnDuty: () => onDuty };
    replicas.push(started);
    return started;
  };

  /** A store that one process can be cut off from, as if that process had been killed. */
  const cutOff = (store: EventStore) => {
    let away = false;
    const unlessAway = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
      if (away) throw new Problem('event-store-unavailable', 'The event store cannot be reached.');
      return work();
    };
    const view: EventStore = {
      ...store,
      append: (...call) => unlessAway(() => store.append(...call)),
      readBackwards: (...call) => unlessAway(() => store.readBackwards(...call)),
    };
    return {
      view,
      cut: () => {
        away = true;
      },
      mend: () => {
        away = false;
      },
    };
  };
  const leases = (store: ReturnType<typeof inMemoryEventStore>) =>
    store.all().flatMap((event) => {
      const { type, data } = event as unknown as SyncCycleEvent;
      return type === 'SyncLeaseTaken' ? [data] : [];
    });

  it('is held by one of several, and renewed under the same term', async () => {
    const store = inMemoryEventStore();
    const all = [replica(store), replica(store), replica(store)];
    await inTime(() => expect(leases(store).length).toBeGreaterThan(2));
    const holders = all.filter(({ isOnDuty }) => isOnDuty());
    expect(holders).toHaveLength(1);
    expect(new Set(leases(store).map(({ observer, term }) => `${observer} ${term}`))).toEqual(
      new Set([`${holders[0]?.lease.observer} 1`]),
    );
  });

  it('goes to another, under the next term, once its holder is heard of no more', async () => {
    const store = inMemoryEventStore();
    const { view, cut } = cutOff(store);
    const first = replica(view);
    await inTime(() => expect(first.isOnDuty()).toBe(true));
    const second = replica(store);
    cut();
    await inTime(() => expect(second.isOnDuty()).toBe(true));
    expect(first.isOnDuty()).toBe(false);
    const [before, after] = [leases(store).at(0), leases(store).at(-1)];
    expect(after).toMatchObject({ observer: second.lease.observer, term: 2 });
    expect(Date.parse(after?.takenAt ?? '')).toBeGreaterThanOrEqual(Date.parse(before?.leaseExpiresAt ?? ''));
  });

  it('does not come back to a former holder while another has it', async () => {
    const store = inMemoryEventStore();
    const { view, cut, mend } = cutOff(store);
    const first = replica(view);
    await inTime(() => expect(first.isOnDuty()).toBe(true));
    cut();
    const second = replica(store);
    await inTime(() => expect(second.isOnDuty()).toBe(true));
    mend();
    const renewals = leases(store).length;
    await inTime(() => expect(leases(store).length).toBeGreaterThan(renewals + 1));
    expect([first.isOnDuty(), second.isOnDuty()]).toEqual([false, true]);
  });

  it('changes hands in a stream whose beginning is forgotten', async () => {
    const store = inMemoryEventStore();
    const stream = streams.syncCycle(scope);
    await store.retain(stream, { maxCount: 2 });
    const { view, cut } = cutOff(store);
    const first = replica(view);
    await inTime(async () => expect((await store.read(stream)).at(0)?.revision).toBeGreaterThan(1n));
    expect(first.isOnDuty()).toBe(true);
    const second = replica(store);
    cut();
    await inTime(() => expect(second.isOnDuty()).toBe(true));
    expect(first.isOnDuty()).toBe(false);
    expect(leases(store).at(-1)).toMatchObject({ observer: second.lease.observer, term: 2 });
    expect(await store.read(stream)).toHaveLength(2);
  });

  it('is free at once when its holder ends in order', async () => {
    const store = inMemoryEventStore();
    const first = replica(store);
    await inTime(() => expect(first.isOnDuty()).toBe(true));
    await first.stop();
    const endedAt = Date.now();
    const second = replica(store);
    await inTime(() => expect(second.isOnDuty()).toBe(true));
    expect(Date.now() - endedAt).toBeLessThanOrEqual(MOMENT_MS);
  });

  it('is over once it has been seen for as long as it is good for, whatever the clock of its holder said', async () => {
    const store = inMemoryEventStore();
    const { view, cut } = cutOff(store);
    const hour = 3_600_000;
    const ahead: EventStore = {
      ...view,
      append: (stream, events, ...rest) => view.append(stream, events.map(inAnHour), ...rest),
    };
    const inAnHour: (event: Parameters<EventStore['append']>[1][number]) => typeof event = (event) => {
      const { takenAt, leaseExpiresAt } = event.data as { takenAt: string; leaseExpiresAt: string };
      const later = (instant: string) => new Date(Date.parse(instant) + hour).toISOString();
      const data = {
        ...(event.data as object),
        takenAt: later(takenAt),
        leaseExpiresAt: later(leaseExpiresAt),
      };
      return { ...event, data };
    };
    const first = replica(ahead);
    await inTime(() => expect(first.isOnDuty()).toBe(true));
    cut();
    const second = replica(store);
    await inTime(() => expect(second.isOnDuty()).toBe(true));
  });
});
