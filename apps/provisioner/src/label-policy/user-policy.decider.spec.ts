import { describe, it } from '@jest/globals';
import { type LabelPolicyEvent, labelPolicyEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { userPolicyDecider } from './user-policy.decider.js';

const userId = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a01';
const AT = '2026-03-01T10:00:00.000Z';
const rules = { allowedLabels: ['gpu-*'], labelPatterns: ['cpu\\d'], maxRunners: 2 };
const other = { allowedLabels: [], labelPatterns: [] };

const wasSet = (to: typeof rules | typeof other) =>
  labelPolicyEvent('LabelPolicySet')({ userId, ...to, setAt: AT });
const removed = labelPolicyEvent('LabelPolicyRemoved')({ userId, removedAt: AT });
const policy = (...facts: readonly LabelPolicyEvent[]) => given(userPolicyDecider, ...facts);
const set = (to: typeof rules | typeof other) => ({ type: 'SetPolicy', userId, rules: to, at: AT }) as const;
const remove = { type: 'RemovePolicy', userId, at: AT } as const;

describe("a user's label policy", () => {
  it('is set', () => policy().when(set(rules)).thenRecorded(wasSet(rules)));
  it('is set once', () => policy(wasSet(rules)).when(set(rules)).thenNothing());
  it('is replaced as a whole', () => policy(wasSet(rules)).when(set(other)).thenRecorded(wasSet(other)));
  it('is removed', () => policy(wasSet(rules)).when(remove).thenRecorded(removed));
  it('is removed once', () =>
    policy(wasSet(rules), removed).when(remove).thenRefused('label-policy-unknown'));
  it('is set again', () => policy(wasSet(rules), removed).when(set(rules)).thenRecorded(wasSet(rules)));
});
