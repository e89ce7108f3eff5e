import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect } from '@jest/globals';
import type { Caller, ChangeTrustRuleRequest, CreateTrustRuleRequest } from '#libs/contracts';
import {
  AUDIENCE,
  GITHUB_ACTIONS_ISSUER,
  githubActionsClaims,
  KUBERNETES_ISSUER,
  kubernetesClaims,
  onEachDatabase,
} from '#libs/testing';
import { IdentityProviders } from '../identity-provider/identity-providers.js';
import {
  askedBy,
  callerNamed,
  codeOf,
  ISSUER,
  ROOT,
  type TenancyReplica,
  tenancyReplica,
} from '../testing/tenancy.js';
import { ChangeTrustRuleHandler } from './change-trust-rule.handler.js';
import { CreateTrustRuleHandler } from './create-trust-rule.handler.js';
import { GetTrustRuleHandler } from './get-trust-rule.query.js';
import { ListTrustRulesHandler } from './list-trust-rules.query.js';
import { RemoveTrustRuleHandler } from './remove-trust-rule.handler.js';
import { TestTrustRuleHandler } from './test-trust-rule.query.js';
import {
  ChangeTrustRule,
  CreateTrustRule,
  GetTrustRule,
  ListTrustRules,
  RemoveTrustRule,
  TestTrustRule,
} from './trust-rule.messages.js';
import { TrustRules } from './trust-rules.js';

const at = '2026-03-01T10:00:00.000Z';

onEachDatabase('trust rules', ({ test, newAddress, closing }) => {
  let replica: TenancyReplica;
  let providers: IdentityProviders;
  let rules: TrustRules;
  let identityProviderId: string;
  let teamId: string;

  const trust = async (issuer: string) => {
    const id = randomUUID();
    const settings = {
      name: issuer,
      audiences: [AUDIENCE],
      algorithms: ['RS256'],
      emailDomains: [],
      claims: {},
    };
    await providers.register({ identityProviderId: id, issuer, settings, at }, replica.origin());
    await replica.settled();
    return id;
  };
  const newTeam = async (name: string) => {
    const id = randomUUID();
    const rulesOf = { requiredLabels: [], labelPatterns: [], runnerGroupIds: [] };
    await replica.teams.create({ teamId: id, name, ...rulesOf, createdAt: at }, replica.origin());
    await replica.settled();
    return id;
  };
  beforeEach(async () => {
    const fresh = await tenancyReplica({ address: newAddress() });
    closing({ close: () => fresh.view.onApplicationShutdown() });
    replica = fresh;
    providers = new IdentityProviders(fresh.store, fresh.claims, fresh.admins, ISSUER, false);
    rules = new TrustRules(fresh.store, providers, fresh.teams);
    identityProviderId = await trust(GITHUB_ACTIONS_ISSUER);
    teamId = await newTeam('red');
  });

  const create = async (body: Partial<CreateTrustRuleRequest> = {}, caller = ROOT) => {
    const request = {
      trustRuleId: randomUUID(),
      name: 'Pipelines of the shop',
      identityProviderId,
      teamId,
      conditions: [{ claim: 'sub', matches: 'repo:octo-org/shop:.*' }],
      ...body,
    };
    const question = new CreateTrustRule(askedBy(caller, request));
    return new CreateTrustRuleHandler(replica.tenancy, rules, replica.view).execute(question);
  };
  const change = (trustRuleId: string, patch: Omit<ChangeTrustRuleRequest, 'trustRuleId'>, caller = ROOT) =>
    new ChangeTrustRuleHandler(replica.tenancy, rules, replica.view).execute(
      new ChangeTrustRule(askedBy(caller, { trustRuleId, ...patch })),
    );
  const remove = (trustRuleId: string, caller = ROOT) =>
    new RemoveTrustRuleHandler(replica.tenancy, rules, replica.view).execute(
      new RemoveTrustRule(askedBy(caller, { trustRuleId })),
    );
  const get = (trustRuleId: string, caller = ROOT) =>
    new GetTrustRuleHandler(replica.tenancy, replica.view).execute(
      new GetTrustRule(askedBy(caller, { trustRuleId })),
    );
  const list = (search: { teamId?: string; limit?: number; sort?: string } = {}, caller = ROOT) =>
    new ListTrustRulesHandler(replica.tenancy, replica.view).execute(
      new ListTrustRules(askedBy(caller, { limit: 50, offset: 0, sort: '-created_at', ...search })),
    );
  const explain = (trustRuleId: string, claims: Record<string, unknown>, caller = ROOT) =>
    new TestTrustRuleHandler(replica.tenancy, replica.view).execute(
      new TestTrustRule(askedBy(caller, { trustRuleId, verification: { valid: true }, claims })),
    );

  const job = (owner: string, name: string): Caller => {
    const claims = githubActionsClaims({ owner, name });
    return { issuer: claims.iss, subject: claims.sub, emailVerified: false, claims };
  };
  const teamsOf = async (caller: Caller) =>
    replica.tenancy.principalOf(askedBy(caller, {}).context).then(
      ({ kind, isAdmin, teams }) => [kind, isAdmin, ...teams.map(({ name }) => name)],
      ({ code }) => code,
    );

  test('are listed in the order one asks for', async () => {
    for (const name of ['b', 'a', 'c']) await create({ name });
    const listed = async (sort: string) => (await list({ sort })).trustRules.map(({ name }) => name).join('');
    expect(await listed('name')).toBe('abc');
    expect(await listed('-name')).toBe('cba');
  });

  test('are created, changed, listed and removed', async () => {
    const { trustRule, position } = await create();
    expect(position).toMatch(/^\d+$/);
    expect(trustRule).toMatchObject({
      name: 'Pipelines of the shop',
      identityProviderId,
      teamId,
      conditions: [{ claim: 'sub', matches: 'repo:octo-org/shop:.*' }],
      isActive: true,
      createdBy: `${ISSUER}|root`,
    });
    expect((await get(trustRule.id)).trustRule).toEqual(trustRule);
    const blue = await newTeam('blue');
    const moved = await change(trustRule.id, { teamId: blue, isActive: false });
    expect(moved.trustRule).toMatchObject({ teamId: blue, isActive: false, name: trustRule.name });
    expect((await list({ teamId })).total).toBe(0);
    expect(await list({ teamId: blue })).toEqual({ trustRules: [moved.trustRule], total: 1, fresh: true });
    expect((await remove(trustRule.id)).trustRule.isActive).toBe(false);
    expect((await list()).total).toBe(0);
    for (const attempt of [
      get,
      remove,
      (id: string) => change(id, { name: 'x' }),
      (id: string) => explain(id, {}),
    ])
      expect(await codeOf(attempt(trustRule.id))).toBe('trust-rule-unknown');
  });

  test('speak of what is there', async () => {
    expect(await codeOf(create({ identityProviderId: randomUUID() }))).toBe('identity-provider-unknown');
    expect(await codeOf(create({ teamId: randomUUID() }))).toBe('team-unknown');
    const { trustRule } = await create();
    expect(await codeOf(change(trustRule.id, { teamId: randomUUID() }))).toBe('team-unknown');
  });

  test('are narrow, whoever asks', async () => {
    const wide = [{ claim: 'sub', matches: 'repo:octo-org.*' }];
    expect(await codeOf(create({ conditions: wide }))).toBe('pattern-invalid');
    const { trustRule } = await create();
    expect(await codeOf(change(trustRule.id, { conditions: wide }))).toBe('pattern-invalid');
  });

  describe('let in', () => {
    test("GitHub's jobs of the repository they name, and no other", async () => {
      await create();
      expect(await teamsOf(job('octo-org', 'shop'))).toEqual(['machine', false, 'red']);
      expect(await teamsOf(job('octo-org', 'shopping'))).toBe('user-not-authorized');
      expect(await teamsOf(job('octo-org-2', 'shop'))).toBe('user-not-authorized');
      expect(await teamsOf(job('evil', 'octo-org'))).toBe('user-not-authorized');
    });

    test('the same subject of another issuer gets nothing', async () => {
      await create();
      const impostor = { ...job('octo-org', 'shop'), issuer: 'https://evil.example' };
      expect(await teamsOf(impostor)).toBe('user-not-authorized');
      await trust('https://evil.example');
      expect(await teamsOf(impostor)).toBe('user-not-authorized');
    });

    test("Kubernetes' service accounts of the namespace they name", async () => {
      const cluster = await trust(KUBERNETES_ISSUER);
      const conditions = [{ claim: 'sub', matches: 'system:serviceaccount:ci:.*' }];
      await create({ identityProviderId: cluster, conditions });
      const pod = (namespace: string): Caller => {
        const { iss: issuer, sub: subject } = kubernetesClaims(namespace, 'launcher', AUDIENCE);
        return { issuer, subject, emailVerified: false };
      };
      expect(await teamsOf(pod('ci'))).toEqual(['machine', false, 'red']);
      expect(await teamsOf(pod('ci-2'))).toBe('user-not-authorized');
    });

    test('nobody any more once the rule, its provider or its team is switched off', async () => {
      const { trustRule } = await create();
      const caller = job('octo-org', 'shop');
      await change(trustRule.id, { isActive: false });
      expect(await teamsOf(caller)).toBe('user-not-authorized');
      await change(trustRule.id, { isActive: true });
      expect(await teamsOf(caller)).toEqual(['machine', false, 'red']);
      await providers.change({ identityProviderId, isActive: false, at }, replica.origin());
      await replica.settled();
      expect(await teamsOf(caller)).toBe('user-not-authorized');
      await providers.change({ identityProviderId, isActive: true, at }, replica.origin());
      const deactivation = { type: 'DeactivateTeam', teamId, reason: 'over budget', at } as const;
      await replica.teams.handle(deactivation, replica.origin());
      await replica.settled();
      expect(await teamsOf(caller)).toBe('team-deactivated');
    });

    test('nobody once the provider is gone, and can then still be removed', async () => {
      const { trustRule } = await create();
      await providers.remove({ identityProviderId, at }, replica.origin());
      await replica.settled();
      expect(await teamsOf(job('octo-org', 'shop'))).toBe('user-not-authorized');
      expect((await change(trustRule.id, { isActive: false })).trustRule.isActive).toBe(false);
      expect(await codeOf(remove(trustRule.id))).toBe('granted');
    });
  });

  test('are explained', async () => {
    const { trustRule } = await create();
    const { matches, reasons } = await explain(
      trustRule.id,
      githubActionsClaims({ owner: 'octo-org', name: 'till' }),
    );
    expect(matches).toBe(false);
    expect(reasons.map(({ claim, fulfilled }) => [claim, fulfilled])).toEqual([
      ['token', true],
      ['sub', false],
    ]);
  });

  test('are nobody’s business but the administrators’', async () => {
    const { trustRule } = await create();
    const ann = callerNamed('ann');
    const permissions = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false };
    await replica.users.create(
      { userId: randomUUID(), ...permissions, createdAt: at },
      ann,
      replica.origin(),
    );
    await replica.settled();
    const attempts = [
      create({}, ann),
      change(trustRule.id, { name: 'Mine' }, ann),
      remove(trustRule.id, ann),
      get(trustRule.id, ann),
      list({}, ann),
      explain(trustRule.id, {}, ann),
    ];
    expect(await Promise.all(attempts.map(codeOf))).toEqual(Array(6).fill('admin-required'));
  });
});
