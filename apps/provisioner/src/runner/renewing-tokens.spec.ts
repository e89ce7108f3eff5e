import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Problem, type ProblemCode, streams } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import { FakeGithub, refusals } from '#libs/github';
import { minutesLater } from '../testing/minutes-later.js';
import { ALICE, provisionerReplica, TEAM } from '../testing/provisioner.js';

const problemCode = (error: unknown): ProblemCode | string =>
  error instanceof Problem ? error.code : String(error);
const codeOf = (attempt: Promise<unknown>) => attempt.then(() => 'granted', problemCode);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A runner with a registration token, its first facts, and what came after them. */
const start = async (options: Parameters<typeof provisionerReplica>[0] = {}) => {
  const replica = provisionerReplica(options);
  const asked = { provisioningMethod: 'registration_token' as const, runnerName: 'static-1' };
  const { runnerId } = await replica.provision(asked);
  replica.github.calls.length = 0;
  const facts = async () => (await replica.store.read(streams.runner(runnerId))).slice(2);
  const refused = async () =>
    (await replica.store.read(streams.security(new Date().toISOString().slice(0, 10)))).map(
      ({ type, data }) => [type, (data as { code: string }).code],
    );
  /** The host has registered with its token. */
  const register = async () => {
    const { id: githubRunnerId, labels } = replica.github.addRunner({
      name: 'static-1',
      labels: ['self-hosted', 'gpu'],
      status: 'online',
    });
    const seen = { status: 'online', githubRunnerId, busy: false, labels } as const;
    await replica.observe(runnerId, seen);
    return { githubRunnerId, seen };
  };
  return { ...replica, runnerId, facts, refused, register };
};

describe('fresh tokens for a runner', () => {
  it('are GitHub’s, by id and by name, and of them the log holds digests', async () => {
    const { renewToken, runnerId, facts, github, slotsInUse, store } = await start();
    const first = await renewToken(runnerId);
    const second = await renewToken('STATIC-1');
    expect(github.calls).toEqual([
      'createRemoveToken',
      'createRegistrationToken',
      'createRemoveToken',
      'createRegistrationToken',
    ]);
    const tokens = [first, second].flatMap(({ secret }) => Object.values(secret));
    expect(new Set(tokens).size).toBe(4);
    expect(await facts()).toMatchObject(
      [first, second].map(({ secret, expiresAt }) => ({
        type: 'RunnerRegistrationTokenIssued',
        data: {
          registrationTokenSha256: sha256(secret.registrationToken),
          removalTokenSha256: sha256(secret.removalToken),
          expiresAt,
        },
        metadata: { actor: { userId: ALICE.userId } },
      })),
    );
    const log = JSON.stringify(await store.read(streams.runner(runnerId)), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const token of tokens) expect(log).not.toContain(token);
    expect({ runnerId: second.runnerId, slots: await slotsInUse() }).toEqual({ runnerId, slots: 1 });
  });

  it('are not shared by two who ask at once', async () => {
    const store = inMemoryEventStore();
    const github = new FakeGithub();
    const { renewToken, runnerId, facts } = await start({ store, github });
    const other = provisionerReplica({ store, github });
    const answers = await Promise.all([renewToken(runnerId), other.renewToken(runnerId)]);
    const tokens = answers.flatMap(({ secret }) => Object.values(secret));
    expect(new Set(tokens).size).toBe(4);
    expect(await facts()).toHaveLength(2);
  });

  it('are given while its machine is at GitHub, and change nothing about it', async () => {
    const { renewToken, runnerId, register, github, runners, observe } = await start();
    const { githubRunnerId, seen } = await register();
    for (const busy of [false, true]) {
      await observe(runnerId, { ...seen, busy });
      expect(await codeOf(renewToken(runnerId))).toBe('granted');
      expect((await runners.load(runnerId)).state).toMatchObject({
        state: busy ? 'busy' : 'idle',
        githubRunnerId,
      });
    }
    await observe(runnerId, { ...seen, status: 'offline' });
    expect(await codeOf(renewToken(runnerId))).toBe('granted');
    expect((await runners.load(runnerId)).state).toMatchObject({ state: 'offline', githubRunnerId });
    expect(github.calls).not.toContain('findRunnerByName');
  });

  it('give it another hour to connect', async () => {
    const { renewToken, runnerId, settle, history, slotsInUse } = await start();
    await minutesLater(30, () => renewToken(runnerId));
    await minutesLater(61, () => settle(runnerId));
    expect((await history(runnerId)).at(-1)).toBe('RunnerRegistrationTokenIssued');
    await minutesLater(120, () => settle(runnerId));
    expect((await history(runnerId)).at(-1)).toBe('RunnerDeleted');
    expect(await slotsInUse()).toBe(0);
  });
});

describe('a host that registers again with a fresh token', () => {
  const registeredAgain = async () => {
    const replica = await start();
    const { githubRunnerId: before, seen } = await replica.register();
    await replica.renewToken(replica.runnerId);
    replica.github.removeRunner(before);
    const { id } = replica.github.addRunner({ name: 'static-1', labels: seen.labels, status: 'online' });
    return { ...replica, before, id, labels: seen.labels };
  };
  const idOf = async ({ runners, runnerId }: Awaited<ReturnType<typeof start>>) => {
    const { state } = await runners.load(runnerId);
    return 'githubRunnerId' in state ? state.githubRunnerId : undefined;
  };

  it('is found by name when somebody asks for a look', async () => {
    const replica = await registeredAgain();
    await replica.refresh(replica.runnerId);
    expect(await idOf(replica)).toBe(replica.id);
    expect((await replica.facts()).at(-1)?.type).toBe('RunnerRegistered');
  });

  it('is no surplus machine and nobody’s before that look, and its runner is not gone', async () => {
    const replica = await registeredAgain();
    const { id: githubRunnerId, labels, runnerId } = replica;
    const seen = { githubRunnerId, name: 'static-1', labels, status: 'online' as const };
    const absentAt = new Date().toISOString();
    const told = [{ ...seen, absentAt, sharesLabelsWith: [runnerId] }];
    const seenAt = new Date().toISOString();
    const later = () => replica.reportUnmanaged(told, undefined, seenAt);
    expect(await minutesLater(62, later)).toEqual([]);
    expect(await replica.reportUnmanaged(told)).toEqual([]);
    expect(await replica.github.getRunner(githubRunnerId)).not.toBe('absent');
    expect(await replica.slotsInUse()).toBe(1);
  });

  it('is deleted with its runner', async () => {
    const replica = await registeredAgain();
    await replica.refresh(replica.runnerId);
    await replica.deprovision(replica.runnerId);
    expect(await replica.github.getRunner(replica.id)).toBe('absent');
  });

  it('is deleted with its runner also before anybody has noticed that it is back', async () => {
    const replica = await registeredAgain();
    expect(await replica.deprovision(replica.runnerId)).toMatchObject({ confirmed: true });
    expect(await replica.github.getRunner(replica.id)).toBe('absent');
  });

  it('is not deleted by its name when the token had long expired', async () => {
    const replica = await registeredAgain();
    await minutesLater(75, () => replica.deprovision(replica.runnerId));
    expect(await replica.github.getRunner(replica.id)).not.toBe('absent');
  });

  it('has not gone because somebody looked for what it was before', async () => {
    const replica = await registeredAgain();
    await replica.observe(replica.runnerId, { status: 'absent' });
    expect(await idOf(replica)).toBe(replica.id);
    expect(await replica.slotsInUse()).toBe(1);
  });

  it('is nobody of ours when the token had long expired: the runner is gone', async () => {
    const replica = await registeredAgain();
    await minutesLater(75, () => replica.refresh(replica.runnerId));
    expect((await replica.facts()).at(-1)).toMatchObject({
      type: 'RunnerDeleted',
      data: { reason: 'vanished' },
    });
    expect(await replica.github.getRunner(replica.id)).not.toBe('absent');
  });
});

describe('no tokens', () => {
  it.each(['createRemoveToken', 'createRegistrationToken'] as const)(
    'when GitHub fails at %s: of both, and only the failure is recorded',
    async (operation) => {
      const { renewToken, runnerId, facts, github } = await start();
      github.refuseNext(operation, refusals.unavailable({ status: 502 }));
      expect(await codeOf(renewToken(runnerId))).toBe('github-unavailable');
      expect(await facts()).toMatchObject([
        { type: 'RunnerRegistrationTokenFailed', data: { reason: 'github-unavailable' } },
      ]);
      expect(await codeOf(renewToken(runnerId))).toBe('granted');
    },
  );

  it('for a runner that ended while GitHub was asked', async () => {
    const { renewToken, deprovision, runnerId, facts, github } = await start();
    const release = github.holdNext('createRegistrationToken');
    const outcome = codeOf(renewToken(runnerId));
    while (!github.calls.includes('createRegistrationToken')) await new Promise(setImmediate);
    await deprovision(runnerId);
    release();
    expect(await outcome).toBe('already-deleted');
    expect((await facts()).map(({ type }) => type)).toEqual([
      'RunnerDeprovisioningRequested',
      'RunnerDeleted',
    ]);
  });

  it('for one that is deleted, or on its way', async () => {
    const { renewToken, deprovision, runnerId, github, register } = await start();
    await register();
    github.refuseNext('deleteRunner', refusals.unavailable({ status: 502 }));
    expect(await deprovision(runnerId)).toMatchObject({ confirmed: false });
    github.calls.length = 0;
    expect(await codeOf(renewToken(runnerId))).toBe('already-deleted');
    const ended = await start();
    await ended.deprovision(ended.runnerId);
    expect(await codeOf(ended.renewToken('static-1'))).toBe('already-deleted');
    expect([...github.calls]).toEqual([]);
  });

  it('for one with a JIT config', async () => {
    const { renewToken, provision, github, history } = provisionerReplica();
    const { runnerId } = await provision();
    expect(await codeOf(renewToken(runnerId))).toBe('request-invalid');
    expect(github.calls).toEqual(['generateJitConfig']);
    expect(await history(runnerId)).toHaveLength(2);
  });

  it('for somebody else’s, and for none', async () => {
    const { store, runnerId, refused } = await start();
    const stranger = provisionerReplica({ store, principal: { ...ALICE, userId: randomUUID(), teams: [] } });
    for (const reference of [runnerId, 'static-1', randomUUID(), 'nobody'])
      expect(await codeOf(stranger.renewToken(reference))).toBe('runner-unknown');
    expect(await refused()).toEqual([]);
    expect(stranger.github.calls).toEqual([]);
  });

  it('for whoever may not provision that way any more: a fact of the day', async () => {
    const { store, runnerId, refused } = await start();
    const principal = { ...ALICE, canUseRegistrationToken: false };
    const { renewToken, github } = provisionerReplica({ store, principal });
    expect(await codeOf(renewToken(runnerId))).toBe('registration-token-not-permitted');
    expect(await refused()).toEqual([['ProvisioningRefused', 'registration-token-not-permitted']]);
    expect(github.calls).toEqual([]);
  });

  it('for a team that is closed, also when an administrator asks', async () => {
    const principal = { ...ALICE, isAdmin: true, teams: [] };
    const { store, runnerId, refused } = await start();
    const closed = provisionerReplica({
      store,
      principal,
      team: { id: TEAM.id, name: TEAM.name, isActive: false },
    });
    expect(await codeOf(closed.renewToken(runnerId))).toBe('team-deactivated');
    expect(await refused()).toEqual([['ProvisioningRefused', 'team-deactivated']]);
  });

  it('for labels the policy of today does not permit', async () => {
    const { store, runnerId } = await start();
    const today = (...patterns: string[]) =>
      provisionerReplica({ store, policyInForce: () => ({ requiredLabels: [], permits: { patterns } }) });
    expect(await codeOf(today('cpu').renewToken(runnerId))).toBe('label-not-permitted');
    expect(await codeOf(today('gpu').renewToken(runnerId))).toBe('granted');
  });

  it('for a team whose rules are not known here yet', async () => {
    const { store, runnerId, refused } = await start();
    const behind = provisionerReplica({ store, policyInForce: () => undefined });
    expect(await codeOf(behind.renewToken(runnerId))).toBe('service-unavailable');
    expect(behind.github.calls).toEqual([]);
    expect(await refused()).toEqual([]);
  });
});
