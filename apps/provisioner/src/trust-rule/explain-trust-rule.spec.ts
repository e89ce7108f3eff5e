import { describe, expect, it } from '@jest/globals';
import type { IdentityProviderRow, TeamRow, TrustRuleRow } from '#libs/access';
import { explainTrustRule } from './explain-trust-rule.js';

const ISSUER = 'https://issuer.example';
const rule = {
  conditions: [
    { claim: 'sub', matches: 'repo:octo-org/.*' },
    { claim: 'ref', equals: 'refs/heads/main' },
  ],
  isActive: true,
} as unknown as TrustRuleRow;
const provider = { issuer: ISSUER, isActive: true } as IdentityProviderRow;
const team = { isActive: true } as TeamRow;
const valid = { valid: true };
const claims = { iss: ISSUER, sub: 'repo:octo-org/app:ref:refs/heads/main', ref: 'refs/heads/main' };

type Explained = ReturnType<typeof explainTrustRule>;
const unfulfilled = ({ matches, reasons }: Explained) => {
  expect(matches).toBe(reasons.every(({ fulfilled }) => fulfilled));
  return reasons.filter(({ fulfilled }) => !fulfilled).map(({ claim, detail }) => `${claim}: ${detail}`);
};

describe('a token is explained', () => {
  it('condition by condition', () =>
    expect(explainTrustRule({ verification: valid, claims }, rule, provider, team)).toEqual({
      matches: true,
      reasons: [
        { claim: 'token', fulfilled: true, detail: 'Signature, issuer, audience and times are right.' },
        {
          claim: 'sub',
          fulfilled: true,
          detail: 'sub is repo:octo-org/app:ref:refs/heads/main; it must match repo:octo-org/.* in full.',
        },
        { claim: 'ref', fulfilled: true, detail: 'ref is refs/heads/main; it must equal refs/heads/main.' },
      ],
    }));

  it.each([
    [
      'another value',
      { ref: 'refs/heads/try' },
      'ref: ref is refs/heads/try; it must equal refs/heads/main.',
    ],
    [
      'a claim that is not there',
      { ref: undefined },
      'ref: ref is not in the token, or no text, number, truth value or list of them; it must equal refs/heads/main.',
    ],
    ['a list', { ref: ['a', 'b'] }, 'ref: ref is ["a","b"]; it must equal refs/heads/main.'],
    [
      'a long value',
      { ref: 'x'.repeat(300) },
      `ref: ref is ${'x'.repeat(200)}…; it must equal refs/heads/main.`,
    ],
    [
      'another issuer',
      { iss: 'https://evil.example' },
      `token: iss is https://evil.example; this rule is about ${ISSUER}.`,
    ],
  ])('by what is wrong: %s', (_, more, reason) =>
    expect(
      unfulfilled(
        explainTrustRule({ verification: valid, claims: { ...claims, ...more } }, rule, provider, team),
      ),
    ).toEqual([reason]),
  );

  it('by what is wrong with the token itself', () => {
    const verification = { valid: false, detail: 'The token has expired. Get a new one.' };
    expect(unfulfilled(explainTrustRule({ verification, claims }, rule, provider, team))).toEqual([
      'token: The token has expired. Get a new one.',
    ]);
  });

  it('by what else stands in the way', () => {
    const inactive = { isActive: false };
    const asked = { verification: valid, claims };
    expect(unfulfilled(explainTrustRule(asked, { ...rule, ...inactive }, provider, team))).toEqual([
      'rule: This rule is deactivated.',
    ]);
    expect(unfulfilled(explainTrustRule(asked, rule, { ...provider, ...inactive }, team))).toEqual([
      'token: The identity provider of this rule is deactivated or removed.',
    ]);
    expect(unfulfilled(explainTrustRule(asked, rule, provider, { ...team, ...inactive }))).toEqual([
      'team: The team of this rule is deactivated.',
    ]);
  });
});
