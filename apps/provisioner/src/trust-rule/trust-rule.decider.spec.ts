import { describe, expect, it } from '@jest/globals';
import { isRefusal, type TrustCondition, type TrustRuleEvent, trustRuleEvent } from '#libs/contracts';
import { GITHUB_ACTIONS_ISSUER, given, KUBERNETES_ISSUER } from '#libs/testing';
import { type ChangeTrustRule, trustRuleDecider } from './trust-rule.decider.js';

const trustRuleId = '5e2b0d4a-2c3d-4f6e-8a71-8b9c0d1e2f07';
const AT = '2026-03-01T10:00:00.000Z';
const OTHER_TEAM = '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a03';
const settings = {
  name: 'Pipelines of the shop',
  identityProviderId: '3c0f8f2e-7f0a-4d63-8b7a-5b1f6e2d9c06',
  teamId: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02',
  conditions: [{ claim: 'sub', matches: 'repo:octo-org/shop:.*' }],
};
const created = trustRuleEvent('TrustRuleCreated')({ ...settings, trustRuleId, createdAt: AT });
const changed = (change: Partial<typeof settings>) =>
  trustRuleEvent('TrustRuleChanged')({ ...settings, ...change, trustRuleId, changedAt: AT });
const deactivated = trustRuleEvent('TrustRuleDeactivated')({ trustRuleId, deactivatedAt: AT });
const removed = trustRuleEvent('TrustRuleRemoved')({ trustRuleId, removedAt: AT });

const create = {
  type: 'CreateTrustRule',
  trustRuleId,
  settings,
  issuer: GITHUB_ACTIONS_ISSUER,
  at: AT,
} as const;
const change = (patch: Omit<ChangeTrustRule, 'type' | 'trustRuleId' | 'at'>) =>
  ({ type: 'ChangeTrustRule', trustRuleId, at: AT, ...patch }) as const;
const remove = { type: 'RemoveTrustRule', trustRuleId, at: AT } as const;
const rule = (...facts: readonly TrustRuleEvent[]) => given(trustRuleDecider, created, ...facts);

describe('a trust rule', () => {
  it('is created', () => given(trustRuleDecider).when(create).thenRecorded(created));
  it('is created once', () => rule().when(create).thenNothing());
  it('keeps what is not named', () =>
    rule()
      .when(change({ teamId: OTHER_TEAM }))
      .thenRecorded(changed({ teamId: OTHER_TEAM })));
  it('is not changed to what it is', () =>
    rule()
      .when(change({ ...settings, isActive: true, issuer: GITHUB_ACTIONS_ISSUER }))
      .thenNothing());
  it('is deactivated and activated', () => {
    rule()
      .when(change({ isActive: false }))
      .thenRecorded(deactivated);
    rule(deactivated)
      .when(change({ isActive: false }))
      .thenNothing();
    rule(deactivated)
      .when(change({ isActive: true }))
      .thenRecorded(trustRuleEvent('TrustRuleActivated')({ trustRuleId, activatedAt: AT }));
  });
  it('is not widened by a change', () =>
    rule()
      .when(change({ conditions: [{ claim: 'sub', matches: 'repo:.*' }], issuer: GITHUB_ACTIONS_ISSUER }))
      .thenRefused('pattern-invalid', {
        errors: [
          { field: 'conditions.0.matches', message: 'must begin with the literal text repo:<owner>/' },
        ],
      }));
  it('is removed, and nobody afterwards', () => {
    rule().when(remove).thenRecorded(removed);
    rule(removed).when(remove).thenRefused('trust-rule-unknown');
    rule(removed)
      .when(change({ name: 'x' }))
      .thenRefused('trust-rule-unknown');
    given(trustRuleDecider).when(remove).thenRefused('trust-rule-unknown');
  });
});

describe('the conditions of a trust rule', () => {
  const faults = (issuer: string, ...conditions: TrustCondition[]): string[] => {
    const decision = trustRuleDecider.decide(
      { ...create, issuer, settings: { ...settings, conditions } },
      trustRuleDecider.initial,
    );
    if (!isRefusal(decision)) return [];
    expect(decision.refused).toBe('pattern-invalid');
    return (decision.members.errors as { field: string }[]).map(({ field }) => field);
  };
  const sub = (matches: string) => ({ claim: 'sub', matches });
  const subIs = (equals: string) => ({ claim: 'sub', equals });
  const PARTNER = 'https://partner.example';

  it.each<[string, TrustCondition]>([
    [GITHUB_ACTIONS_ISSUER, sub('repo:octo-org/.*')],
    [GITHUB_ACTIONS_ISSUER, sub('^repo:octo-org/(shop|till):ref:refs/heads/.*$')],
    [GITHUB_ACTIONS_ISSUER, sub('repo:octo-org@6501/shop@7401:.*')],
    [GITHUB_ACTIONS_ISSUER, subIs('repo:octo-org/shop:environment:production')],
    [`${GITHUB_ACTIONS_ISSUER}/octo-enterprise`, sub('repo:octo-org/.*')],
    ['https://ghes.example/_services/token', sub('repo:octo-org/.*')],
    [KUBERNETES_ISSUER, sub('system:serviceaccount:ci:.*')],
    [KUBERNETES_ISSUER, subIs('system:serviceaccount:ci:launcher')],
    [PARTNER, sub('project_path:group/.*')],
    [PARTNER, subIs('launcher')],
    [PARTNER, sub('launcher-\\d+')],
  ])('of %s may be %j', (issuer, condition) => expect(faults(issuer, condition)).toEqual([]));

  it.each<[string, TrustCondition]>([
    [GITHUB_ACTIONS_ISSUER, sub('.*')],
    [GITHUB_ACTIONS_ISSUER, sub('repo:.*/shop:.*')],
    [GITHUB_ACTIONS_ISSUER, sub('repo:octo-org.*')],
    [GITHUB_ACTIONS_ISSUER, sub('repo:octo-org/?.*')],
    [GITHUB_ACTIONS_ISSUER, sub('repo:(octo-org|other)/.*')],
    [GITHUB_ACTIONS_ISSUER, sub('repo:octo-org/shop:.*|.*')],
    [GITHUB_ACTIONS_ISSUER, sub('(?i)repo:octo-org/.*')],
    [GITHUB_ACTIONS_ISSUER, sub('repo:/.*')],
    [GITHUB_ACTIONS_ISSUER, sub('job_workflow_ref:octo-org/.*')],
    [GITHUB_ACTIONS_ISSUER, subIs('repo:octo-org')],
    [`${GITHUB_ACTIONS_ISSUER}/octo-enterprise`, sub('repo:octo-.*')],
    ['https://ghes.example/_services/token', sub('repo:octo-.*')],
    ['https://ghes.example/_services/token', sub('re.*')],
    [KUBERNETES_ISSUER, sub('system:serviceaccount:.*')],
    [KUBERNETES_ISSUER, sub('system:serviceaccount:ci-.*')],
    [KUBERNETES_ISSUER, sub('system:.*')],
    [KUBERNETES_ISSUER, sub('s.*')],
    [PARTNER, sub('.*')],
    [PARTNER, sub('(a|b)')],
    [PARTNER, sub('\\w+')],
  ])('of %s must not be %j', (issuer, condition) => {
    const member = condition.equals === undefined ? 'matches' : 'equals';
    expect(faults(issuer, condition)).toEqual([`conditions.0.${member}`]);
  });

  it('must say something of the subject', () => {
    const aboutRef = { claim: 'ref', equals: 'refs/heads/main' };
    expect(faults(PARTNER, aboutRef)).toEqual(['conditions']);
    expect(faults(PARTNER, aboutRef, subIs('launcher'))).toEqual([]);
  });
  it('are narrow when one of them is, as all must be fulfilled', () =>
    expect(faults(GITHUB_ACTIONS_ISSUER, sub('.*:ref:.*'), sub('repo:octo-org/.*'))).toEqual([]));
  it('are RE2 patterns, and every one that is not is named', () =>
    expect(
      faults(PARTNER, sub('launcher'), { claim: 'ref', matches: '(?=x)' }, { claim: 'env', matches: '(' }),
    ).toEqual(['conditions.1.matches', 'conditions.2.matches']));
  it.each(['a)|(b', '\\Qlauncher'])('are patterns alone and where they are used: %s is not', (matches) =>
    expect(faults(PARTNER, sub(matches))).toEqual(['conditions.0.matches']),
  );
});
