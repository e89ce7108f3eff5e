import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { examples, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';

const POLICIES = '/api/v1/admin/label-policies';
const { labelPolicy } = examples;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

it('POST sets it, labels lower-cased, and says where it is', async () => {
  const request = {
    user_identity: 'alice@example.com',
    allowed_labels: ['GPU', 'ubuntu-*', '*'],
    max_runners: 2,
  };
  const { status, headers, body } = await gateway.call('post', POLICIES).send(request);
  expect({ status, location: headers.location, body }).toEqual({
    status: 201,
    location: `${POLICIES}/${labelPolicy.userId}`,
    body: toSnakeCase(labelPolicy),
  });
  expect(gateway.bus.asked(subjects.setLabelPolicy).at(-1)?.body).toEqual({
    userIdentity: 'alice@example.com',
    allowedLabels: ['gpu', 'ubuntu-*', '*'],
    labelPatterns: [],
    maxRunners: 2,
  });
});

it.each([
  ['nobody', { allowed_labels: ['gpu'] }, 'user_identity'],
  ['a label outside ASCII', { user_identity: 'a', allowed_labels: ['é'] }, 'allowed_labels.0'],
  ['no room for a runner', { user_identity: 'a', max_runners: 0 }, 'max_runners'],
  ['a field nobody knows', { user_identity: 'a', user_id: 'b' }, 'user_id'],
])('POST refuses %s', async (_, request, field) => {
  expectRefusedField(await gateway.call('post', POLICIES).send(request), field);
});

it('GET lists', async () => {
  const { body } = await gateway.call('get', `${POLICIES}?limit=1`).expect(200);
  expect(body).toEqual({ policies: [toSnakeCase(labelPolicy)], total: 1 });
});

it.each([
  'alice@example.com',
  labelPolicy.userId,
  'https://auth.example.com/tenant|auth0|5f7c8ec7c33c6c004bbafe82',
  `https://auth.example.com|${'s'.repeat(512)}`,
])('one of %s is shown and removed', async (identity) => {
  const path = `${POLICIES}/${encodeURIComponent(identity)}`;
  const { body } = await gateway.call('get', path).expect(200);
  expect(body).toEqual(toSnakeCase(labelPolicy));
  expect(gateway.bus.asked(subjects.getLabelPolicy).at(-1)?.body).toEqual({ userIdentity: identity });
  await gateway.call('delete', path).expect(204);
  expect(gateway.bus.asked(subjects.removeLabelPolicy).at(-1)?.body).toEqual({ userIdentity: identity });
});

it.each(['%00', '%20', 'x'.repeat(1025)])('nobody is called %s', async (identity) => {
  const { status, body } = await gateway.call('get', `${POLICIES}/${identity}`);
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'label-policy-unknown' });
});
