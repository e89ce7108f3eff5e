import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect } from '@jest/globals';
import {
  type ProvisionRunner,
  type SetLabelPolicyRequest,
  setLabelPolicySchema,
  teamEvent,
} from '#libs/contracts';
import { onEachDatabase } from '#libs/testing';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import { CheckProvisioningHandler } from '../runner/check-provisioning.query.js';
import { CheckProvisioning } from '../runner/runner.messages.js';
import { RunnerNames } from '../runner-name/runner-names.js';
import { OwnLabelPoliciesHandler } from '../tenancy/own-label-policies.query.js';
import { OwnLabelPolicies } from '../tenancy/tenancy.messages.js';
import {
  askedBy,
  callerNamed,
  codeOf,
  ISSUER,
  ROOT,
  type TenancyReplica,
  tenancyReplica,
} from '../testing/tenancy.js';
import { GetLabelPolicyHandler } from './get-label-policy.query.js';
import {
  GetLabelPolicy,
  ListLabelPolicies,
  RemoveLabelPolicy,
  SetLabelPolicy,
} from './label-policy.messages.js';
import { ListLabelPoliciesHandler } from './list-label-policies.query.js';
import { RemoveLabelPolicyHandler } from './remove-label-policy.handler.js';
import { SetLabelPolicyHandler } from './set-label-policy.handler.js';
import { UserPolicies } from './user-policies.js';

const RULES = {
  scope: { kind: 'org' as const, login: 'octo-org' },
  installationId: 42,
  defaultRunnerGroupId: 1,
  defaultLabelPolicy: 'allow' as const,
  requireTeam: false,
  jitConfigTtlSeconds: 3600,
  staleAfterHours: 24,
  labelPolicyEnforcement: 'audit' as const,
  labelDrift: { action: 'alert' as const, deleteBusyRunners: false },
};
const SYSTEM = ['self-hosted', 'linux', 'windows', 'macos', 'x64', 'arm', 'arm64'];
const ANN = callerNamed('ann');

onEachDatabase('label policies of users', ({ test, newAddress, closing }) => {
  let replica: TenancyReplica;
  let policies: UserPolicies;
  let desk: CapacityDesk;
  let names: RunnerNames;
  let ann: string;

  const newUser = async (subject: string, email?: string) => {
    const userId = randomUUID();
    const permissions = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false };
    const user = { userId, ...permissions, ...(email ? { email } : {}), createdAt: new Date().toISOString() };
    await replica.users.create(user, { issuer: ISSUER, subject }, replica.origin());
    await replica.settled();
    return userId;
  };
  beforeEach(async () => {
    const fresh = await tenancyReplica({ address: newAddress() });
    closing({ close: () => fresh.view.onApplicationShutdown() });
    replica = fresh;
    policies = new UserPolicies(fresh.store, fresh.database);
    desk = new CapacityDesk(fresh.store);
    names = new RunnerNames(fresh.store);
    ann = await newUser('ann', 'Ann@example.com');
  });

  const set = (body: Partial<SetLabelPolicyRequest> & { userIdentity: string }, caller = ROOT) => {
    const question = new SetLabelPolicy(askedBy(caller, setLabelPolicySchema.parse(body)));
    return new SetLabelPolicyHandler(replica.tenancy, policies, replica.view).execute(question);
  };
  const remove = (userIdentity: string) =>
    new RemoveLabelPolicyHandler(replica.tenancy, policies, replica.view).execute(
      new RemoveLabelPolicy(askedBy(ROOT, { userIdentity })),
    );
  const get = (userIdentity: string, caller = ROOT) =>
    new GetLabelPolicyHandler(replica.tenancy, replica.view).execute(
      new GetLabelPolicy(askedBy(caller, { userIdentity })),
    );
  const list = (sort = '-updated_at') =>
    new ListLabelPoliciesHandler(replica.tenancy, replica.view).execute(
      new ListLabelPolicies(askedBy(ROOT, { sort, limit: 50, offset: 0 })),
    );
  const ownPolicies = async (rules: Partial<typeof RULES> = {}, caller = ANN) => {
    const { tenancy, view } = replica;
    const handler = new OwnLabelPoliciesHandler(tenancy, policies, view, { ...RULES, ...rules });
    return (await handler.execute(new OwnLabelPolicies(askedBy(caller, {})))).policies;
  };
  const check = (request: Partial<ProvisionRunner> = {}, rules: Partial<typeof RULES> = {}) => {
    const { tenancy, view } = replica;
    const handler = new CheckProvisioningHandler(tenancy, policies, names, desk, view, {
      ...RULES,
      ...rules,
    });
    const body = {
      runnerId: randomUUID(),
      provisioningMethod: 'jit' as const,
      labels: [],
      workFolder: '_work',
      ephemeral: true,
      disableUpdate: false,
      ...request,
    };
    return handler.execute(new CheckProvisioning(askedBy(ANN, body)));
  };
  const newTeam = async (name: string, more: object = {}) => {
    const teamId = randomUUID();
    const at = new Date().toISOString();
    const rules = { requiredLabels: [], labelPatterns: [], runnerGroupIds: [], ...more };
    await replica.teams.create({ teamId, name, ...rules, createdAt: at }, replica.origin());
    await replica.teams.handle({ type: 'AddMember', teamId, userId: ann, at }, replica.origin());
    await replica.settled();
    return teamId;
  };
  const takeSlot = async (kind: 'team' | 'user', id: string, runnerId: string) => {
    const at = new Date().toISOString();
    await desk.reserve({ kind, id }, { runnerId, limit: undefined, at }, replica.origin());
    await replica.settled();
  };

  test('are set for whom an e-mail, an identity or an id means, and replaced', async () => {
    const { policy } = await set({
      userIdentity: 'ANN@example.com',
      allowedLabels: ['GPU-*', 'gpu-*', 'cuda-11.8'],
      labelPatterns: ['cpu\\d'],
      maxRunners: 3,
      description: 'A trial',
    });
    expect(policy).toMatchObject({
      userIdentity: 'Ann@example.com',
      userId: ann,
      allowedLabels: ['gpu-*', 'cuda-11.8'],
      labelPatterns: ['cpu\\d'],
      maxRunners: 3,
      description: 'A trial',
    });
    const replaced = await set({ userIdentity: `${ISSUER}|ann`, allowedLabels: ['*'] });
    expect(replaced.policy).toMatchObject({ userId: ann, allowedLabels: ['*'], labelPatterns: [] });
    expect(replaced.policy).not.toHaveProperty('maxRunners');
    for (const id of [ann, ann.toUpperCase()]) expect((await get(id)).policy).toEqual(replaced.policy);
    expect(await list()).toMatchObject({ policies: [{ userId: ann }], total: 1 });
  });

  test('are listed in the order one asks for', async () => {
    const quotas = new Map([[ann, 3]]);
    for (const maxRunners of [1, 2]) quotas.set(await newUser(`of-${maxRunners}`), maxRunners);
    for (const [userIdentity, maxRunners] of quotas) await set({ userIdentity, maxRunners });
    const listed = async (sort?: string) => (await list(sort)).policies.map(({ maxRunners }) => maxRunners);
    expect(await listed()).toEqual([2, 1, 3]);
    expect(await listed('updated_at')).toEqual([3, 1, 2]);
    expect(await listed('-max_runners')).toEqual([3, 2, 1]);
  });

  test('are for users there are, with patterns that can be used, by administrators', async () => {
    expect(await codeOf(set({ userIdentity: 'nobody@example.com' }))).toBe('user-unknown');
    await expect(set({ userIdentity: ann, labelPatterns: ['a', '('] })).rejects.toMatchObject({
      code: 'pattern-invalid',
      members: { errors: [{ field: 'label_patterns.1' }] },
    });
    expect(await codeOf(set({ userIdentity: ann }, ANN))).toBe('admin-required');
    expect(await codeOf(get(ann, ANN))).toBe('admin-required');
  });

  test('are removed once', async () => {
    expect(await codeOf(remove(ann))).toBe('label-policy-unknown');
    await set({ userIdentity: ann, allowedLabels: ['gpu'] });
    expect(await remove('ann@EXAMPLE.com')).toMatchObject({ recorded: 1 });
    await replica.settled();
    expect(await codeOf(get(ann))).toBe('label-policy-unknown');
    expect((await list()).total).toBe(0);
    expect(await codeOf(remove(ann))).toBe('label-policy-unknown');
  });

  describe('are shown to whom they are for', () => {
    test('as what may be asked for, with the quota and what of it is in use', async () => {
      await set({
        userIdentity: ann,
        allowedLabels: ['cuda-11.8', 'gpu-*'],
        labelPatterns: ['a|b'],
        maxRunners: 2,
      });
      await takeSlot('user', ann, randomUUID());
      expect(await ownPolicies()).toEqual([
        {
          systemLabels: SYSTEM,
          requiredLabels: [],
          labelPatterns: ['cuda-11\\.8', 'gpu-.*', 'a|b'],
          runnerGroupIds: [1],
          quota: { limit: 2, inUse: 1 },
        },
      ]);
    });

    test('as the default without one', async () => {
      const quota = { limit: null, inUse: 0 };
      expect(await ownPolicies()).toMatchObject([{ labelPatterns: ['.*'], quota }]);
      expect(await ownPolicies({ defaultLabelPolicy: 'deny' as never })).toMatchObject([
        { labelPatterns: [], quota },
      ]);
      expect(await ownPolicies({ requireTeam: true })).toEqual([]);
    });

    test('as those of the active teams for members of teams', async () => {
      const red = await newTeam('red', {
        requiredLabels: ['r'],
        labelPatterns: ['gpu'],
        runnerGroupIds: [3],
        maxRunners: 5,
      });
      const blue = await newTeam('blue');
      await replica.record(
        `team-${blue}`,
        teamEvent('TeamDeactivated')({
          teamId: blue,
          reason: 'over',
          deactivatedAt: new Date().toISOString(),
        }),
      );
      await takeSlot('team', red, randomUUID());
      expect(await ownPolicies()).toEqual([
        {
          teamId: red,
          teamName: 'red',
          systemLabels: SYSTEM,
          requiredLabels: ['r'],
          labelPatterns: ['gpu'],
          runnerGroupIds: [3],
          quota: { limit: 5, inUse: 1 },
        },
      ]);
    });
  });

  describe('are tried out', () => {
    test('with the labels a runner would get', async () => {
      await set({ userIdentity: ann, allowedLabels: ['gpu-*'] });
      expect(await check({ labels: ['gpu-a100', 'linux'] })).toEqual({
        allowed: true,
        labels: ['self-hosted', 'linux', 'x64', 'gpu-a100'],
        reasons: [],
      });
    });

    test('with every reason at once, and without a trace', async () => {
      const red = await newTeam('red', { labelPatterns: ['gpu'], maxRunners: 1 });
      await replica.users.change(
        { userId: ann, canUseJit: false, at: new Date().toISOString() },
        undefined,
        replica.origin(),
      );
      await replica.teams.handle(
        { type: 'DeactivateTeam', teamId: red, reason: 'over', at: new Date().toISOString() },
        replica.origin(),
      );
      const runnerId = randomUUID();
      await names.claim(
        {
          scope: RULES.scope,
          installationId: 42,
          runnerName: 'gpu-1',
          runnerId,
          at: new Date().toISOString(),
        },
        replica.origin(),
      );
      await takeSlot('team', red, runnerId);
      const before = await recordedSoFar();
      const { allowed, reasons, labels } = await check({
        runnerName: 'gpu-1',
        teamId: red,
        runnerGroupId: 7,
        labels: ['linux', 'windows', 'x', 'gpu', 'y'],
      });
      expect(allowed).toBe(false);
      expect(labels).toEqual(['self-hosted', 'linux', 'x64', 'windows', 'x', 'gpu', 'y']);
      expect(reasons.map(({ code }) => code)).toEqual([
        'jit-not-permitted',
        'team-deactivated',
        'runner-group-not-permitted',
        'request-invalid',
        'label-not-permitted',
        'label-not-permitted',
        'runner-quota-reached',
        'runner-name-taken',
      ]);
      expect(
        reasons.filter(({ code }) => code === 'label-not-permitted').map(({ detail }) => detail),
      ).toEqual(['The policy does not permit x.', 'The policy does not permit y.']);
      expect(await recordedSoFar()).toEqual(before);
    });

    test('without a team being known, as far as that goes', async () => {
      await newTeam('red');
      await newTeam('blue');
      expect(await check({ labels: ['x'] })).toMatchObject({
        allowed: false,
        labels: [],
        reasons: [{ code: 'team-required' }],
      });
      expect(await check({ teamId: randomUUID() })).toMatchObject({
        reasons: [{ code: 'team-not-permitted' }],
      });
    });
  });

  /** All that is in the log but for notes of who was here. */
  const recordedSoFar = async () => {
    const all = (replica.store as unknown as { all(): readonly { type: string }[] }).all();
    return all.map(({ type }) => type).filter((type) => type !== 'UserLoggedIn');
  };
});
