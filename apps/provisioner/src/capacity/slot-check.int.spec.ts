import { randomUUID } from 'node:crypto';
import { beforeEach, expect } from '@jest/globals';
import { runnerEvent, streams, teamCapacityEvent, userCapacityEvent } from '#libs/contracts';
import { onEachDatabase } from '#libs/testing';
import { Holdings } from '../runner/holdings.js';
import { RunnerNames } from '../runner-name/runner-names.js';
import { codeOf, type TenancyReplica, tenancyReplica } from '../testing/tenancy.js';
import { SlotCheckJob } from './slot-check.job.js';
import { SlotCheck } from './slot-check.js';
import { takeTurn } from './turn.js';

const SCOPE = { kind: 'org' as const, login: 'octo-org' };
const INSTALLATION = { scope: SCOPE, installationId: 42 };
const AT = '2026-03-01T10:00:00.000Z';
const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);

onEachDatabase('slots and runners', ({ test, newAddress, closing }) => {
  let replica: TenancyReplica;
  let check: SlotCheck;
  let names: RunnerNames;
  const teamId = randomUUID();
  const userId = randomUUID();

  beforeEach(async () => {
    const fresh = await tenancyReplica({ address: newAddress() });
    closing({ close: () => fresh.view.onApplicationShutdown() });
    replica = fresh;
    const { database, runners, desk, store } = fresh;
    names = new RunnerNames(store);
    check = new SlotCheck(database, runners, new Holdings(names, desk), desk, INSTALLATION);
  });

  const run = (now = later(11)) => check.run(now, new AbortController().signal);
  const fact = (runnerId: string) => ({ runnerId, ...INSTALLATION });
  const requested = (runnerId: string, holder: { teamId?: string }) =>
    runnerEvent('RunnerProvisioningRequested')({
      ...fact(runnerId),
      ...holder,
      runnerName: `r-${runnerId}`,
      provisioningMethod: 'jit',
      labels: [],
      runnerGroupId: 1,
      workFolder: '_work',
      ephemeral: true,
      disableUpdate: false,
      provisionedBy: userId,
      requestedAt: AT,
    });
  const failed = (runnerId: string, reason: string) =>
    runnerEvent('RunnerProvisioningFailed')({ ...fact(runnerId), reason, failedAt: AT });
  const reserved = (runnerId: string) =>
    teamCapacityEvent('RunnerSlotReserved')({ teamId, runnerId, reservedAt: AT });
  const record = (stream: string, ...events: Parameters<TenancyReplica['record']>[1][]) =>
    replica.record(stream, ...events);
  const slotsOf = async (kind: 'team' | 'user', id: string) =>
    (await replica.desk.look({ kind, id }, undefined)).runnerIds;

  test('a slot whose runner has ended is given back, and a fact says so', async () => {
    const runnerId = randomUUID();
    await record(
      streams.runner(runnerId),
      requested(runnerId, { teamId }),
      failed(runnerId, 'github-refused'),
    );
    await record(streams.teamCapacity(teamId), reserved(runnerId));
    expect(await run()).toBe(1);
    expect((await replica.store.read(streams.teamCapacity(teamId))).at(-1)).toMatchObject({
      type: 'RunnerSlotRepaired',
      data: { teamId, runnerId, repair: 'released' },
      metadata: { actor: { kind: 'service', app: 'provisioner' } },
    });
    expect(await slotsOf('team', teamId)).toEqual([]);
    await replica.settled();
    expect(await run()).toBe(0);
  });

  test('a runner that lives without a slot gets one, also above the quota', async () => {
    const runnerId = randomUUID();
    await record(streams.runner(runnerId), requested(runnerId, {}));
    expect(await run()).toBe(1);
    expect((await replica.store.read(streams.userCapacity(userId))).at(-1)).toMatchObject({
      type: 'UserSlotRepaired',
      data: { userId, runnerId, repair: 'reserved' },
    });
    expect(await slotsOf('user', userId)).toEqual([runnerId]);
  });

  test('a slot whose runner never began is given back, and the runner cannot begin any more', async () => {
    const runnerId = randomUUID();
    await record(
      streams.userCapacity(userId),
      userCapacityEvent('UserSlotReserved')({ userId, runnerId, reservedAt: AT }),
    );
    expect(await run()).toBe(1);
    expect(await slotsOf('user', userId)).toEqual([]);
    const { type: _, data } = requested(runnerId, {});
    const late = replica.runners.begin(runnerId, { type: 'RequestProvisioning', ...data }, replica.origin());
    expect(await codeOf(late)).toBe('github-unavailable');
  });

  test('what fits, what is young and what is being settled is left alone', async () => {
    const [fitting, young, orphan] = [randomUUID(), randomUUID(), randomUUID()];
    await record(streams.runner(fitting), requested(fitting, { teamId }));
    await record(streams.teamCapacity(teamId), reserved(fitting), reserved(young), reserved(orphan));
    expect(await run(later(9))).toBe(0);
    await record(streams.runner(young), requested(young, { teamId }));
    await record(streams.runner(orphan), requested(orphan, { teamId }), failed(orphan, 'abandoned'));
    await names.claim(
      { ...INSTALLATION, runnerName: `r-${orphan}`, runnerId: orphan, at: AT },
      replica.origin(),
    );
    expect(await run()).toBe(0);
    expect(await slotsOf('team', teamId)).toHaveLength(3);
  });

  test('are compared by one replica of those that share a database, once an interval', async () => {
    const { database } = replica;
    const turns = await Promise.all(
      Array.from({ length: 5 }, () => takeTurn(database, 'spec', { now: 1_000, everyMs: 500 })),
    );
    expect(turns.filter(Boolean)).toHaveLength(1);
    expect(await takeTurn(database, 'spec', { now: 1_499, everyMs: 500 })).toBe(false);
    expect(await takeTurn(database, 'spec', { now: 1_500, everyMs: 500 })).toBe(true);

    const runnerId = randomUUID();
    await record(streams.teamCapacity(teamId), reserved(runnerId));
    const job = new SlotCheckJob(database, check, 60_000);
    await job.runIfDue(new Date(0));
    await job.runIfDue(later(11));
    expect(await slotsOf('team', teamId)).toEqual([]);
    await record(streams.teamCapacity(teamId), reserved(runnerId));
    await job.runIfDue(later(11));
    expect(await slotsOf('team', teamId)).toEqual([runnerId]);
  });
});
