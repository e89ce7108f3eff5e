import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examples, Problem, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';

const USERS = '/api/v1/admin/users';
const { user } = examples;
const USER = `${USERS}/${user.id}`;
const TEAM = examples.team.id;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

describe('POST /admin/users', () => {
  it('answers 201 with the user and where it is', async () => {
    const response = await gateway
      .call('post', USERS)
      .send({ oidc_issuer: 'https://auth.example.com', oidc_sub: 'alice', team_ids: [TEAM] });
    expect({ status: response.status, location: response.headers.location, body: response.body }).toEqual({
      status: 201,
      location: USER,
      body: toSnakeCase(user),
    });
    expect(gateway.bus.asked(subjects.createUser).at(-1)?.body).toEqual({
      userId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      oidcIssuer: 'https://auth.example.com',
      oidcSub: 'alice',
      isAdmin: false,
      canUseJit: true,
      canUseRegistrationToken: false,
      teamIds: [TEAM],
    });
  });

  it.each([
    ['nobody', {}, 'email'],
    ['an issuer without a subject', { email: 'a@example.com', oidc_issuer: 'i' }, 'oidc_sub'],
    ['what is no e-mail', { email: 'alice' }, 'email'],
    ['a team that is no id', { email: 'a@example.com', team_ids: ['dev'] }, 'team_ids.0'],
    ['a field nobody knows', { email: 'a@example.com', id: user.id }, 'id'],
    ['a text for a truth value', { email: 'a@example.com', is_admin: 'yes' }, 'is_admin'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    expectRefusedField(await gateway.call('post', USERS).send(body), field);
  });
});

describe('GET /admin/users', () => {
  it('lists with filters, order and page', async () => {
    const query = 'limit=5&offset=10&sort=-email&is_active=true&is_admin=false&q=ali';
    const { status, body } = await gateway.call('get', `${USERS}?${query}&team_id=${TEAM}`);
    expect({ status, body }).toEqual({ status: 200, body: { users: [toSnakeCase(user)], total: 1 } });
    expect(gateway.bus.asked(subjects.listUsers).at(-1)?.body).toEqual({
      limit: 5,
      offset: 10,
      sort: '-email',
      isActive: true,
      isAdmin: false,
      q: 'ali',
      teamId: TEAM,
    });
  });

  it.each(['limit=0', 'sort=password', 'is_active=maybe', 'colour=red', 'team_id=x', 'q=%00'])(
    '?%s is 422',
    async (query) => {
      const { status, body } = await gateway.call('get', `${USERS}?${query}`);
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'request-invalid' });
    },
  );
});

describe('one user', () => {
  it('GET answers it', async () => {
    const { status, body } = await gateway.call('get', USER);
    expect({ status, body }).toEqual({ status: 200, body: toSnakeCase(user) });
  });

  it.each(['get', 'patch', 'put', 'delete'] as const)('%s of what is no id is 404', async (method) => {
    const { status, body } = await gateway.call(method, `${USERS}/alice`).send({ comment: 'long enough' });
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'user-unknown' });
  });

  it('PATCH keeps what is absent and clears what is null', async () => {
    const { status } = await gateway.call('patch', USER).send({ display_name: null, can_use_jit: false });
    expect(status).toBe(200);
    expect(gateway.bus.asked(subjects.changeUser).at(-1)?.body).toEqual({
      userId: user.id,
      displayName: null,
      canUseJit: false,
    });
  });

  it('PATCH takes nothing that cannot be changed', async () => {
    const { body } = await gateway.call('patch', USER).send({ oidc_sub: 'mallory', created_at: 'now' });
    expect(body.errors).toEqual([
      { field: 'oidc_sub', message: 'is not a known field' },
      { field: 'created_at', message: 'is not a known field' },
    ]);
  });

  it('PUT replaces: what is left out is as for a new user', async () => {
    const { status } = await gateway.call('put', USER).send({ email: 'alice@example.com' });
    expect(status).toBe(200);
    expect(gateway.bus.asked(subjects.changeUser).at(-1)?.body).toEqual({
      userId: user.id,
      email: 'alice@example.com',
      displayName: null,
      isAdmin: false,
      canUseJit: true,
      canUseRegistrationToken: false,
    });
  });

  it('DELETE deactivates with a comment and answers the user', async () => {
    const { status, body } = await gateway.call('delete', USER).send({ comment: 'Has left the company' });
    expect({ status, id: body.id }).toEqual({ status: 200, id: user.id });
    expect(gateway.bus.asked(subjects.deactivateUser).at(-1)?.body).toEqual({
      userId: user.id,
      comment: 'Has left the company',
    });
  });

  it.each([[{}], [{ comment: 'too short' }], [{ comment: 'x'.repeat(501) }]])(
    'DELETE with %j is 422',
    async (comment) => {
      const { status, body } = await gateway.call('delete', USER).send(comment);
      expect({ status, field: body.errors[0].field }).toEqual({ status: 422, field: 'comment' });
    },
  );

  it('activate answers 200', async () => {
    await gateway.call('post', `${USER}/activate`).expect(200);
    expect(gateway.bus.asked(subjects.activateUser).at(-1)?.body).toEqual({ userId: user.id });
  });

  it('shows an administrator what has just been written', async () => {
    await gateway.call('patch', USER).send({ can_use_jit: true }).expect(200);
    await gateway.call('get', USERS).expect(200);
    expect(gateway.bus.asked(subjects.listUsers).at(-1)?.context.knownPosition).toBe('2000');
  });

  it('passes a refusal on', async () => {
    gateway.bus.answerOnce(subjects.deactivateUser, () => {
      throw new Problem('last-admin', 'Make somebody else an administrator first.');
    });
    const { status, body } = await gateway.call('delete', USER).send({ comment: 'Has left us all' });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'last-admin' });
  });
});
