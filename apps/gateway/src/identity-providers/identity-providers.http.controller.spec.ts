import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { examples, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';

const PROVIDERS = '/api/v1/admin/identity-providers';
const { identityProvider } = examples;
const PROVIDER = `${PROVIDERS}/${identityProvider.id}`;
const least = { name: 'Ours', issuer: 'https://auth.example.com', audiences: ['rts'] };

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

it('POST answers 201 with the provider and where it is', async () => {
  const request = { ...least, email_domains: ['Example.COM'], claims: { client_id: 'azp', email: 'upn' } };
  const { status, headers, body } = await gateway.call('post', PROVIDERS).send(request);
  expect({ status, location: headers.location, body }).toEqual({
    status: 201,
    location: PROVIDER,
    body: toSnakeCase(identityProvider),
  });
  expect(gateway.bus.asked(subjects.registerIdentityProvider).at(-1)?.body).toEqual({
    identityProviderId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ...least,
    algorithms: ['RS256'],
    emailDomains: ['example.com'],
    claims: { clientId: 'azp', email: 'upn' },
  });
});

it.each([
  ['an issuer that is no address', { ...least, issuer: 'ours' }, 'issuer'],
  ['no audience', { ...least, audiences: [] }, 'audiences'],
  ['no signature', { ...least, algorithms: ['none'] }, 'algorithms.0'],
  ['a shared secret', { ...least, algorithms: ['HS256'] }, 'algorithms.0'],
  ['a domain that is none', { ...least, email_domains: ['*'] }, 'email_domains.0'],
  ['a claim that names no client', { ...least, claims: { client_id: 'email' } }, 'claims.client_id'],
  ['a claim nobody knows', { ...least, claims: { admin: 'groups' } }, 'claims.admin'],
])('POST refuses %s', async (_, request, field) => {
  expectRefusedField(await gateway.call('post', PROVIDERS).send(request), field);
});

it('GET lists', async () => {
  const { body } = await gateway.call('get', PROVIDERS).expect(200);
  expect(body).toEqual({ identity_providers: [toSnakeCase(identityProvider)], total: 1 });
});

it('one is shown, changed and removed', async () => {
  const shown = await gateway.call('get', PROVIDER).expect(200);
  expect(shown.body).toEqual(toSnakeCase(identityProvider));
  const change = { jwks_url: null, claims: null, is_active: false };
  await gateway.call('patch', PROVIDER).send(change).expect(200);
  expect(gateway.bus.asked(subjects.changeIdentityProvider).at(-1)?.body).toEqual({
    identityProviderId: identityProvider.id,
    jwksUrl: null,
    claims: null,
    isActive: false,
  });
  await gateway.call('delete', PROVIDER).expect(204);
  expect(gateway.bus.asked(subjects.removeIdentityProvider)).toHaveLength(1);
});

it('a single claim is cleared by null', async () => {
  await gateway
    .call('patch', PROVIDER)
    .send({ claims: { client_id: null, email: 'upn' } })
    .expect(200);
  expect(gateway.bus.asked(subjects.changeIdentityProvider).at(-1)?.body).toEqual({
    identityProviderId: identityProvider.id,
    claims: { clientId: null, email: 'upn' },
  });
});

it('its issuer stays', async () => {
  expectRefusedField(
    await gateway.call('patch', PROVIDER).send({ issuer: 'https://evil.example' }),
    'issuer',
  );
});

it.each(['get', 'patch', 'delete'] as const)('%s of what is no id is 404', async (method) => {
  const { status, body } = await gateway.call(method, `${PROVIDERS}/ours`).send({});
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'identity-provider-unknown' });
});
