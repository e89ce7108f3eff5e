import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  type Actor,
  Problem,
  type ProblemCode,
  runnerNameEvent,
  streams,
  teamCapacityEvent,
} from '#libs/contracts';
import { type EventStore, inMemoryEventStore } from '#libs/event-store';
import { FakeGithub, refusals } from '#libs/github';
import { originOf } from '../origin.js';
import { minutesLater } from '../testing/minutes-later.js';
import { ALICE, provisionerReplica, TEAM } from '../testing/provisioner.js';
import { until } from '../testing/tenancy.js';
import { AT, JOB } from './runner.examples.js';

// that a runner cannot be taken back yet is told each time
Logger.overrideLogger(false);

const withQuota = (maxRunners: number) => ({ ...ALICE, teams: [{ ...TEAM, maxRunners }] });
const problemCode = (error: unknown): ProblemCode | string =>
  error instanceof Problem ? error.code : String(error);
const codeOf = (attempt: Promise<unknown>) => attempt.then(() => 'granted', problemCode);
const tally = (codes: readonly string[]) =>
  Object.fromEntries(
    [...new Set(codes)].map((code) => [code, codes.filter((other) => other === code).length]),
  );

describe('provisioning a JIT runner', () => {
  it('asks GitHub once, records request and issue, and hands out the config', async () => {
    const { provision, github, history, store } = provisionerReplica();
    const provisioned = await provision({ runnerName: 'gpu-1', labels: ['gpu'] });
    expect(provisioned).toMatchObject({
      runnerName: 'gpu-1',
      labels: ['self-hosted', 'linux', 'x64', 'gpu'],
    });
    expect(provisioned.secret).toHaveProperty('encodedJitConfig');
    expect(github.calls).toEqual(['generateJitConfig']);
    expect(await history(provisioned.runnerId)).toEqual([
      'RunnerProvisioningRequested',
      'RunnerJitConfigIssued',
    ]);
    const secret = 'encodedJitConfig' in provisioned.secret ? provisioned.secret.encodedJitConfig : '';
    const log = JSON.stringify(await store.read(streams.runner(provisioned.runnerId)), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(log).not.toContain(secret);
  });

  it('makes a name from the prefix', async () => {
    const { runnerName } = await provisionerReplica().provision({ runnerNamePrefix: 'worker' });
    expect(runnerName).toMatch(/^worker-[a-z0-9]{6}$/);
  });

  it('refuses a name that is taken and leaves its holder alone', async () => {
    const { provision, nameHolder } = provisionerReplica();
    const first = await provision({ runnerName: 'gpu-1' });
    expect(await codeOf(provision({ runnerName: 'GPU-1' }))).toBe('runner-name-taken');
    expect(await nameHolder('gpu-1')).toBe(first.runnerId);
  });

  it('refuses labels outside the policy: a fact of the day, no runner, no slot, no call', async () => {
    const principal = { ...ALICE, teams: [{ ...TEAM, labelPatterns: ['cpu'] }] };
    const { provision, github, store, slotsInUse } = provisionerReplica({ principal });
    const runnerId = randomUUID();
    expect(await codeOf(provision({ runnerId, runnerName: 'gpu-1' }))).toBe('label-not-permitted');
    const day = new Date().toISOString().slice(0, 10);
    const [refusal, ...more] = await store.read(streams.security(day));
    expect(refusal).toMatchObject({
      type: 'ProvisioningRefused',
      data: { code: 'label-not-permitted', labels: ['gpu'], teamId: TEAM.id },
    });
    expect(more).toEqual([]);
    expect(await store.read(streams.runner(runnerId))).toEqual([]);
    expect(await slotsInUse()).toBe(0);
    expect(github.calls).toEqual([]);
  });

  it('records the same refusal of the same caller once a minute', async () => {
    const principal = { ...ALICE, teams: [{ ...TEAM, labelPatterns: ['cpu'] }] };
    const store = inMemoryEventStore();
    const replicas = [provisionerReplica({ store, principal }), provisionerReplica({ store, principal })];
    for (const { provision } of [...replicas, ...replicas]) await codeOf(provision());
    expect(await store.read(streams.security(new Date().toISOString().slice(0, 10)))).toHaveLength(1);
  });

  it.each([20, 200])(
    '%i at once for a team with 3 slots, on two replicas: exactly 3 are granted',
    async (count) => {
      const store = inMemoryEventStore();
      const github = new FakeGithub();
      const replicas = [1, 2].map(() => provisionerReplica({ store, github, principal: withQuota(3) }));
      const attempts = Array.from(
        { length: count },
        (_, index) => replicas[index % 2]?.provision() ?? Promise.reject(),
      );
      expect(tally(await Promise.all(attempts.map(codeOf)))).toEqual({
        granted: 3,
        'runner-quota-reached': count - 3,
      });
      expect(await replicas[0]?.slotsInUse()).toBe(3);
    },
  );

  it('deleting one lets exactly one more in', async () => {
    const { provision, deprovision } = provisionerReplica({ principal: withQuota(3) });
    const [first] = await Promise.all([provision(), provision(), provision()]);
    await deprovision(first.runnerId);
    expect(tally(await Promise.all([provision(), provision(), provision()].map(codeOf)))).toEqual({
      granted: 1,
      'runner-quota-reached': 2,
    });
  });

  it('a slot taken on one replica is given back on another', async () => {
    const store = inMemoryEventStore();
    const github = new FakeGithub();
    const [a, b] = [1, 2].map(() => provisionerReplica({ store, github, principal: withQuota(2) }));
    await b?.provision();
    const runner = await a?.provision();
    await b?.deprovision(runner?.runnerId ?? '');
    expect(await a?.slotsInUse()).toBe(1);
    expect(await codeOf(a?.provision() ?? Promise.reject())).toBe('granted');
  });

  it("frees name and slot when GitHub's no is definite", async () => {
    const { provision, github, history, nameHolder, slotsInUse } = provisionerReplica();
    github.refuseNext('generateJitConfig', refusals.runnerGroupUnknown(1));
    const runnerId = randomUUID();
    expect(await codeOf(provision({ runnerId, runnerName: 'gpu-1' }))).toBe('runner-group-unknown');
    expect(await history(runnerId)).toEqual(['RunnerProvisioningRequested', 'RunnerProvisioningFailed']);
    expect(await nameHolder('gpu-1')).toBeUndefined();
    expect(await slotsInUse()).toBe(0);
  });
});

describe('a user without a team', () => {
  const alone = { ...ALICE, teams: [] };
  const limited = (maxRunners: number) => ({
    principal: alone,
    policy: { patterns: ['gpu(-.*)?'], maxRunners },
  });

  it('may have what the own label policy permits', async () => {
    const { provision } = provisionerReplica(limited(2));
    expect((await provision({ labels: ['gpu-a100'] })).labels).toContain('gpu-a100');
    expect(await codeOf(provision({ labels: ['cpu'] }))).toBe('label-not-permitted');
  });

  it('may have anything or nothing without one, as the default is', async () => {
    expect(await codeOf(provisionerReplica({ principal: alone }).provision({ labels: ['cpu'] }))).toBe(
      'granted',
    );
    const denying = provisionerReplica({ principal: alone, config: { defaultLabelPolicy: 'deny' } });
    expect(await codeOf(denying.provision({ labels: ['cpu'] }))).toBe('label-not-permitted');
    expect(await codeOf(denying.provision({ labels: ['linux'] }))).toBe('granted');
    const required = provisionerReplica({ principal: alone, config: { requireTeam: true } });
    expect(await codeOf(required.provision())).toBe('team-not-permitted');
  });

  it('has a quota that is a lock like a team’s, on every replica', async () => {
    const store = inMemoryEventStore();
    const github = new FakeGithub();
    const replicas = [1, 2].map(() => provisionerReplica({ store, github, ...limited(3) }));
    const attempts = Array.from({ length: 40 }, (_, index) =>
      codeOf(replicas[index % 2]?.provision() ?? Promise.reject()),
    );
    expect(tally(await Promise.all(attempts))).toEqual({ granted: 3, 'runner-quota-reached': 37 });
  });

  it('has slots again when runners end', async () => {
    const { provision, deprovision, userSlotsInUse } = provisionerReplica(limited(1));
    const { runnerId } = await provision();
    expect(await codeOf(provision())).toBe('runner-quota-reached');
    await deprovision(runnerId);
    expect(await userSlotsInUse()).toBe(0);
    expect(await codeOf(provision())).toBe('granted');
  });

  it('is given back the slot of a runner that never began', async () => {
    const { store, settle, userSlotsInUse, desk } = provisionerReplica(limited(1));
    const runnerId = randomUUID();
    const actor = { kind: 'user' as const, userId: alone.userId };
    await claimOnlyName(store, runnerId, actor);
    const origin = originOf({ requestId: 'request-1' }, actor);
    await desk.reserve({ kind: 'user', id: alone.userId }, { runnerId, limit: 1, at: AT.requested }, origin);
    await settle(runnerId, { runnerName: 'gpu-1' });
    expect(await userSlotsInUse()).toBe(0);
  });
});

describe('settling what was left open', () => {
  const lostAnswer = async () => {
    const provisioner = provisionerReplica();
    provisioner.github.loseAnswerOfNext('generateJitConfig', refusals.timeout(30, { uncertain: true }));
    const runnerId = randomUUID();
    const code = await codeOf(provisioner.provision({ runnerId, runnerName: 'gpu-1' }));
    return { ...provisioner, runnerId, code };
  };

  it('an unanswered request stays open', async () => {
    const { code, history, runnerId, nameHolder, settle } = await lostAnswer();
    expect(code).toBe('github-timeout');
    await settle(runnerId);
    expect(await history(runnerId)).toEqual(['RunnerProvisioningRequested']);
    expect(await nameHolder('gpu-1')).toBe(runnerId);
  });

  it('until it is old: then the runner nobody was told of is removed, name and slot are free', async () => {
    const { history, runnerId, nameHolder, slotsInUse, settle, github } = await lostAnswer();
    await minutesLater(1, () => settle(runnerId));
    expect(await history(runnerId)).toEqual(['RunnerProvisioningRequested', 'RunnerProvisioningFailed']);
    expect(await github.findRunnerByName('gpu-1')).toBe('absent');
    expect(await nameHolder('gpu-1')).toBeUndefined();
    expect(await slotsInUse()).toBe(0);
  });

  it.each([
    ['also when GitHub has added labels of its own', ['self-hosted', 'linux', 'x64', 'arm64', 'gpu'], true],
    ['unless its labels are not those asked for', ['self-hosted', 'linux', 'x64', 'prod'], false],
  ])('%s', async (_, labels, isRemoved) => {
    const { runnerId, settle, github } = await lostAnswer();
    const runner = await github.findRunnerByName('gpu-1');
    if (runner !== 'absent') github.changeRunner(runner.id, { labels });
    await minutesLater(1, () => settle(runnerId));
    expect((await github.findRunnerByName('gpu-1')) === 'absent').toBe(isRemoved);
  });

  it('a runner of that name that is online is somebody else at work', async () => {
    const { runnerId, settle, github } = await lostAnswer();
    const runner = await github.findRunnerByName('gpu-1');
    if (runner !== 'absent') github.changeRunner(runner.id, { status: 'online' });
    await minutesLater(1, () => settle(runnerId));
    expect(await github.findRunnerByName('gpu-1')).not.toBe('absent');
  });

  it('keeps the name until GitHub could be asked', async () => {
    const { runnerId, settle, github, nameHolder } = await lostAnswer();
    github.refuseNext('findRunnerByName', refusals.unavailable({ status: 502 }));
    await minutesLater(1, async () => expect(await codeOf(settle(runnerId))).toBe('github-unavailable'));
    expect(await nameHolder('gpu-1')).toBe(runnerId);
    await minutesLater(2, () => settle(runnerId));
    expect(await nameHolder('gpu-1')).toBeUndefined();
    expect(await github.findRunnerByName('gpu-1')).toBe('absent');
  });

  /** Settled by another replica while GitHub was still making it. */
  const issuedTooLate = async ({ refusedTakeBacks = 0 } = {}) => {
    const store = inMemoryEventStore();
    const github = new FakeGithub();
    const slow = provisionerReplica({ store, github });
    const other = provisionerReplica({ store, github });
    const release = github.holdNext('generateJitConfig');
    const runnerId = randomUUID();
    const outcome = codeOf(slow.provision({ runnerId, runnerName: 'gpu-1' }));
    while ((await slow.history(runnerId)).length === 0) await new Promise(setImmediate);
    await minutesLater(1, () => other.settle(runnerId));
    for (let refused = 0; refused < refusedTakeBacks; refused += 1)
      github.refuseNext('deleteRunner', refusals.unavailable({ status: 502 }));
    release();
    expect(await outcome).toBe('github-unavailable');
    return { ...slow, github };
  };

  it('an issuer that comes too late hands out nothing and takes its runner back', async () => {
    const { github, slotsInUse } = await issuedTooLate();
    expect(await github.findRunnerByName('gpu-1')).toBe('absent');
    expect(await slotsInUse()).toBe(0);
  });

  it('takes it back although GitHub refuses at first', async () => {
    const { github } = await issuedTooLate({ refusedTakeBacks: 2 });
    expect(await github.findRunnerByName('gpu-1')).not.toBe('absent');
    await until(async () => (await github.findRunnerByName('gpu-1')) === 'absent');
    expect(github.calls.filter((call) => call === 'deleteRunner')).toHaveLength(3);
  });

  it('its own requests in flight are left alone', async () => {
    const { provision, settle, history, github } = provisionerReplica();
    const release = github.holdNext('generateJitConfig');
    const runnerId = randomUUID();
    const outcome = codeOf(provision({ runnerId }));
    while ((await history(runnerId)).length === 0) await new Promise(setImmediate);
    await minutesLater(1, () => settle(runnerId));
    release();
    expect(await outcome).toBe('granted');
  });

  it('a name and a slot whose runner never began are freed, and it cannot begin any more', async () => {
    const { store, settle, slotsInUse, provision, nameHolder } = provisionerReplica();
    const runnerId = randomUUID();
    await settle(runnerId, await provisionOnlyHoldings(store, runnerId));
    expect(await slotsInUse()).toBe(0);
    expect(await nameHolder('gpu-1')).toBeUndefined();
    expect(await codeOf(provision({ runnerId, runnerName: 'gpu-1' }))).toBe('github-unavailable');
    expect(await slotsInUse()).toBe(0);
    expect(await nameHolder('gpu-1')).toBeUndefined();
  });

  it('a slot is freed although its name is not known', async () => {
    const { store, settle, slotsInUse } = provisionerReplica();
    const runnerId = randomUUID();
    const { teamId } = await provisionOnlyHoldings(store, runnerId);
    await settle(runnerId, { teamId });
    expect(await slotsInUse()).toBe(0);
  });

  it('a deletion GitHub did not confirm is tried again', async () => {
    const { provision, deprovision, settle, github, history } = provisionerReplica();
    const { runnerId } = await provision();
    github.refuseNext('deleteRunner', refusals.unavailable({ status: 502 }));
    expect(await deprovision(runnerId)).toMatchObject({ confirmed: false });
    await settle(runnerId);
    expect((await history(runnerId)).at(-1)).toBe('RunnerDeleted');
  });

  it('a runner that never connected in time is deleted', async () => {
    const { provision, settle, history, slotsInUse } = provisionerReplica();
    const { runnerId } = await provision();
    await settle(runnerId);
    expect((await history(runnerId)).at(-1)).toBe('RunnerJitConfigIssued');
    await minutesLater(61, () => settle(runnerId));
    expect((await history(runnerId)).slice(2)).toEqual(['RunnerDeprovisioningRequested', 'RunnerDeleted']);
    expect(await slotsInUse()).toBe(0);
  });
});

const SCOPE = { kind: 'org' as const, login: 'octo-org' };

const claimOnlyName = async (store: EventStore, runnerId: string, actor: Actor) => {
  const claimed = { scope: SCOPE, installationId: 42, runnerName: 'gpu-1', runnerId };
  const event = runnerNameEvent('RunnerNameClaimed')({ ...claimed, claimedAt: AT.requested });
  const { metadata } = originOf({ requestId: 'request-1' }, actor);
  const newEvent = { ...event, id: randomUUID(), metadata };
  await store.append(streams.runnerName(SCOPE, 'gpu-1'), [newEvent], 'no_stream');
};

const provisionOnlyHoldings = async (store: EventStore, runnerId: string) => {
  await claimOnlyName(store, runnerId, { kind: 'user' });
  const event = teamCapacityEvent('RunnerSlotReserved')({
    teamId: TEAM.id,
    runnerId,
    reservedAt: AT.requested,
  });
  const { metadata } = originOf({ requestId: 'request-1' }, { kind: 'user' });
  const newEvent = { ...event, id: randomUUID(), metadata };
  await store.append(streams.teamCapacity(TEAM.id), [newEvent], 'no_stream');
  return { runnerName: 'gpu-1', teamId: TEAM.id };
};

describe('deleting', () => {
  it('waits for GitHub and frees name and slot', async () => {
    const { provision, deprovision, github, history, slotsInUse, nameHolder } = provisionerReplica();
    const { runnerId } = await provision({ runnerName: 'gpu-1' });
    expect(await deprovision('gpu-1')).toMatchObject({ runnerId, confirmed: true });
    expect(github.calls).toEqual(['generateJitConfig', 'deleteRunner']);
    expect((await history(runnerId)).slice(2)).toEqual(['RunnerDeprovisioningRequested', 'RunnerDeleted']);
    expect(await slotsInUse()).toBe(0);
    expect(await nameHolder('gpu-1')).toBeUndefined();
    expect(await codeOf(deprovision('gpu-1'))).toBe('already-deleted');
  });

  it('leaves a busy runner alone', async () => {
    const { provision, deprovision, github, history } = provisionerReplica();
    const { runnerId, runnerName } = await provision();
    const runner = await github.findRunnerByName(runnerName);
    if (runner !== 'absent') github.changeRunner(runner.id, { status: 'online', busy: true });
    expect(await codeOf(deprovision(runnerId))).toBe('runner-busy');
    expect((await history(runnerId)).at(-1)).toBe('RunnerDeprovisioningFailed');
  });

  it("somebody else's runner does not exist", async () => {
    const store = inMemoryEventStore();
    const owner = provisionerReplica({ store });
    const stranger = provisionerReplica({ store, principal: { ...ALICE, userId: randomUUID(), teams: [] } });
    const { runnerId } = await owner.provision({ runnerName: 'gpu-1' });
    expect(await codeOf(stranger.deprovision(runnerId))).toBe('runner-unknown');
    expect(await codeOf(stranger.deprovision('gpu-1'))).toBe('runner-unknown');
  });

  it('an answer that reached nobody is taken back', async () => {
    const { provision, abandon, history, slotsInUse } = provisionerReplica();
    const { runnerId } = await provision();
    await abandon(runnerId);
    expect((await history(runnerId)).at(-1)).toBe('RunnerDeleted');
    expect(await slotsInUse()).toBe(0);
  });
});

describe('registration tokens', () => {
  const withToken = { provisioningMethod: 'registration_token' as const, runnerName: 'gpu-1' };

  it('are handed out without a runner at GitHub', async () => {
    const { provision, github } = provisionerReplica();
    const provisioned = await provision({ ...withToken, labels: ['gpu', 'cuda-11.8'] });
    expect(provisioned.labels).toEqual(['gpu', 'cuda-11.8']);
    expect(provisioned.secret).toHaveProperty('registrationToken');
    expect(github.calls).toEqual(['findRunnerByName', 'createRegistrationToken']);
  });

  it('are not handed out for a name that somebody bears at GitHub', async () => {
    const { provision, deprovision, github, slotsInUse } = provisionerReplica();
    const { id } = github.addRunner({ name: 'gpu-1', labels: ['prod'] });
    expect(await codeOf(provision(withToken))).toBe('runner-name-taken');
    expect(await codeOf(deprovision('gpu-1'))).toBe('already-deleted');
    expect(await github.getRunner(id)).not.toBe('absent');
    expect(await slotsInUse()).toBe(0);
  });

  it('removing one removes whoever registered under its name since', async () => {
    const { provision, deprovision, github } = provisionerReplica();
    const { runnerId } = await provision({ ...withToken, labels: ['gpu'] });
    const { id } = github.addRunner({ name: 'gpu-1', labels: ['prod'] });
    await deprovision(runnerId);
    expect(await github.getRunner(id)).toBe('absent');
  });

  it('can be asked for again by the same caller: same runner, one slot', async () => {
    const { provision, slotsInUse } = provisionerReplica();
    const first = await provision(withToken);
    const second = await provision(withToken);
    expect(second.runnerId).toBe(first.runnerId);
    expect(await slotsInUse()).toBe(1);
  });
});

describe('a job', () => {
  it('of an ephemeral runner ends it and frees name and slot', async () => {
    const { provision, recordWorkflowJob, history, slotsInUse, nameHolder } = provisionerReplica();
    const { runnerId } = await provision({ runnerName: 'gpu-1' });
    const report = { runnerId, job: JOB, queuedAt: AT.requested, startedAt: AT.started };
    await recordWorkflowJob({ ...report, stage: 'in_progress', conclusion: null, causationId: randomUUID() });
    await recordWorkflowJob({
      ...report,
      stage: 'completed',
      conclusion: 'success',
      completedAt: AT.completed,
      causationId: randomUUID(),
    });
    expect((await history(runnerId)).slice(2)).toEqual([
      'RunnerCameOnline',
      'RunnerStartedWorkflowJob',
      'RunnerCompletedWorkflowJob',
      'RunnerDeleted',
    ]);
    expect(await slotsInUse()).toBe(0);
    expect(await nameHolder('gpu-1')).toBeUndefined();
  });
});
