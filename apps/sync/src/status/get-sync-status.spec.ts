import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { streams, syncCycleEvent } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import type { Asking } from '../provisioner-calls.js';
import { scope } from '../testing/log-of-runners.js';
import { GetSyncStatusHandler } from './get-sync-status.query.js';
import { THE_ROW } from './polling-state.entity.js';
import { GetSyncStatus } from './sync.messages.js';

const OBSERVER = '6f1c7c3e-4a0f-4c39-9c39-0d9d5b3a2f10';
const NEXT_RUN = new Date('2026-03-01T12:05:00.000Z');
const row = {
  id: THE_ROW,
  lastCycle: null,
  nextRunAt: NEXT_RUN,
  unmanagedTotal: null,
  unmanagedRunners: null,
  githubRateLimit: null,
};

/** What an administrator is told when somebody has taken the lease for so long, from now. */
const statusUnderLease = async (lastsMs: number) => {
  const store = inMemoryEventStore();
  const now = Date.now();
  const leaseTaken = syncCycleEvent('SyncLeaseTaken')({
    scope,
    observer: OBSERVER,
    term: 4,
    takenAt: new Date(now).toISOString(),
    leaseExpiresAt: new Date(now + lastsMs).toISOString(),
  });
  const metadata = {
    $correlationId: OBSERVER,
    $causationId: OBSERVER,
    actor: { kind: 'service' as const, app: 'sync' },
  };
  const stream = streams.syncCycle(scope);
  await store.append(stream, [{ ...leaseTaken, id: randomUUID(), metadata }], 'no_stream');
  const handler = new GetSyncStatusHandler(
    { ask: async () => ({ isAdmin: true }) } as unknown as Asking,
    store,
    { scope },
    { pollingEnabled: true, webhooksEnabled: false },
    { status: async () => ({ recorded: 0, missing: 0, givenUp: 0, askedAgain: 0 }) } as never,
    { read: async () => row },
  );
  return handler.execute(new GetSyncStatus({ body: {}, context: { requestId: 'request-1' } }));
};

describe('the state of polling', () => {
  it('says who leads and when the next cycle is due', async () => {
    expect(await statusUnderLease(60_000)).toMatchObject({
      leader: { observer: OBSERVER, term: 4 },
      nextRunAt: NEXT_RUN.toISOString(),
    });
  });

  it('names neither once the lease has run out', async () => {
    const status = await statusUnderLease(-1);
    expect(status).not.toHaveProperty('leader');
    expect(status).not.toHaveProperty('nextRunAt');
  });
});
