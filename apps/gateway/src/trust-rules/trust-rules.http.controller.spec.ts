import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { examples, Problem, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { AUDIENCE, startTestIssuer } from '#libs/testing';
import { TrustedIssuers } from '../authentication/trusted-issuers.js';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';

const RULES = '/api/v1/admin/trust-rules';
const { trustRule } = examples;
const RULE = `${RULES}/${trustRule.id}`;
const least = {
  name: 'Pipelines of the shop',
  identity_provider_id: trustRule.identityProviderId,
  team_id: trustRule.teamId,
  conditions: [{ claim: 'sub', matches: 'repo:octo-org/shop:.*' }],
};

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

it('POST answers 201 with the rule and where it is', async () => {
  const { status, headers, body } = await gateway.call('post', RULES).send(least);
  expect({ status, location: headers.location, body }).toEqual({
    status: 201,
    location: RULE,
    body: toSnakeCase(trustRule),
  });
  expect(gateway.bus.asked(subjects.createTrustRule).at(-1)?.body).toEqual({
    trustRuleId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: least.name,
    identityProviderId: trustRule.identityProviderId,
    teamId: trustRule.teamId,
    conditions: least.conditions,
  });
});

it.each([
  ['no condition', { ...least, conditions: [] }, 'conditions'],
  ['a condition without a value', { ...least, conditions: [{ claim: 'sub' }] }, 'conditions.0'],
  [
    'a condition with two',
    { ...least, conditions: [{ claim: 'sub', equals: 'a', matches: 'a' }] },
    'conditions.0',
  ],
  ['a misspelt one', { ...least, conditions: [{ claim: 'sub', equal: 'a' }] }, 'conditions.0.equal'],
  ['no team', { ...least, team_id: 'shop' }, 'team_id'],
])('POST refuses %s', async (_, request, field) => {
  expectRefusedField(await gateway.call('post', RULES).send(request), field);
});

it('GET lists by team', async () => {
  const { body } = await gateway.call('get', `${RULES}?team_id=${trustRule.teamId}`).expect(200);
  expect(body).toEqual({ trust_rules: [toSnakeCase(trustRule)], total: 1 });
  expect(gateway.bus.asked(subjects.listTrustRules).at(-1)?.body).toMatchObject({ teamId: trustRule.teamId });
});

it('one is shown, changed and removed', async () => {
  const shown = await gateway.call('get', RULE).expect(200);
  expect(shown.body).toEqual(toSnakeCase(trustRule));
  await gateway.call('patch', RULE).send({ is_active: false }).expect(200);
  expect(gateway.bus.asked(subjects.changeTrustRule).at(-1)?.body).toEqual({
    trustRuleId: trustRule.id,
    isActive: false,
  });
  await gateway.call('delete', RULE).expect(204);
  expect(gateway.bus.asked(subjects.removeTrustRule)).toHaveLength(1);
});

it.each(['get', 'patch', 'delete'] as const)('%s of what is no id is 404', async (method) => {
  const { status, body } = await gateway.call(method, `${RULES}/shop`).send({});
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'trust-rule-unknown' });
});

it('POST …/test checks the token and passes on what it says, never the token', async () => {
  const token = await gateway.issuer.token({ sub: 'repo:octo-org/shop:ref:refs/heads/try' });
  const { body } = await gateway.call('post', `${RULE}/test`).send({ token }).expect(200);
  expect(body).toEqual(toSnakeCase(examples.trustRuleTested));
  const asked = gateway.bus.asked(subjects.testTrustRule).at(-1)?.body;
  expect(asked).toMatchObject({
    trustRuleId: trustRule.id,
    verification: { valid: true },
    claims: { iss: gateway.issuer.issuer, sub: 'repo:octo-org/shop:ref:refs/heads/try' },
  });
  expect(JSON.stringify(asked)).not.toContain(token.split('.')[2]);
});

it('POST …/test looks at no token that is pasted by somebody who may not', async () => {
  const other = await startTestIssuer();
  gateway.bus.answer(subjects.trustedIssuers, () => ({
    issuers: [{ issuer: other.issuer, audiences: [AUDIENCE], algorithms: ['RS256'], claims: {} }],
  }));
  const { verifier } = gateway.app.get(TrustedIssuers);
  await gateway.app.get(TrustedIssuers).refresh();
  gateway.bus.answerOnce(subjects.getTrustRule, () => {
    throw new Problem('admin-required', 'Only an administrator of this service may do this.');
  });
  const token = await other.token();
  const before = gateway.bus.asked(subjects.testTrustRule).length;
  const { status, body } = await gateway.call('post', `${RULE}/test`).send({ token });
  expect({ status, code: body.code }).toEqual({ status: 403, code: 'admin-required' });
  expect(gateway.bus.asked(subjects.testTrustRule)).toHaveLength(before);
  expect(other.fetches()).toBe(0);
  expect((await verifier.verify(token)).valid).toBe(true);
  expect(other.fetches()).toBe(1);
  await other.stop();
});

it('POST …/test says what is wrong with a token', async () => {
  const token = await gateway.issuer.token({ exp: 1 });
  await gateway.call('post', `${RULE}/test`).send({ token }).expect(200);
  expect(gateway.bus.asked(subjects.testTrustRule).at(-1)?.body).toMatchObject({
    verification: { valid: false, detail: 'The token has expired. Get a new one.' },
    claims: { sub: 'alice' },
  });
  expectRefusedField(await gateway.call('post', `${RULE}/test`).send({}), 'token');
});
