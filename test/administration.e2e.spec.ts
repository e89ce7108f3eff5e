import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type System, startSystem, until } from './support/system.js';

type Made = { id: string; is_active: boolean };
type Events = { events: { event_type: string; severity: string; user_identity: string }[]; total: number };
type Logs = { logs: { event_type: string; success: boolean; user_identity: string; event_data: object }[] };
type Code = { code: string };

let system: System;
let team: Made;
let user: Made;
let tenant: string;

beforeAll(async () => {
  system = await startSystem();
  tenant = await tokenOf('tenant');
}, 90_000);
afterAll(() => system?.stop(), 30_000);

const tokenOf = async (sub: string): Promise<string> => {
  const { access_token: token } = await system.simulator<{ access_token: string }>('POST', '/tokens', {
    sub,
    email: `${sub}@example.test`,
  });
  return token;
};
const asAdmin = <Body = Made>(method: string, path: string, body?: unknown) =>
  system.call<Body>(method, `/api/v1${path}`, { body, token: system.development.admin_token });
const asTenant = <Body = Code>(method: string, path: string, body?: unknown) =>
  system.call<Body>(method, `/api/v1${path}`, { body, token: tenant });
const provision = (labels: string[]) =>
  asTenant('POST', '/runners/jit', { runner_name_prefix: 'administered', labels });

it('a stranger with a good token gets nowhere', async () => {
  const { status, body } = await asTenant('GET', '/teams');
  expect({ status, code: body.code }).toEqual({ status: 403, code: 'user-not-authorized' });
});

it('an administrator brings in a user and a team, and the user sees it at once', async () => {
  const madeTeam = await asAdmin('POST', '/admin/teams', {
    name: 'shop',
    optional_label_patterns: ['gpu|cuda'],
    max_runners: 1,
  });
  team = madeTeam.body;
  expect({ status: madeTeam.status, location: madeTeam.headers.get('location') }).toEqual({
    status: 201,
    location: `/api/v1/admin/teams/${team.id}`,
  });
  const madeUser = await asAdmin('POST', '/admin/users', {
    email: 'tenant@example.test',
    team_ids: [team.id],
  });
  user = madeUser.body;
  expect(madeUser.status).toBe(201);
  const seen = await until('the tenant is known', async () => {
    const { status, body } = await asTenant<{ teams: { name: string }[] }>('GET', '/teams');
    return status === 200 && body.teams.length > 0 ? body.teams : undefined;
  });
  expect(seen.map(({ name }) => name)).toEqual(['shop']);
  const listed = await asAdmin<{ users: Made[] }>('GET', '/admin/users?q=tenant');
  expect(listed.body.users.map(({ id }) => id)).toEqual([user.id]);
});

it('what the team may not is refused, and the team can see that somebody tried', async () => {
  const refused = await provision(['gpu-prod-admin']);
  expect({ status: refused.status, code: refused.body.code }).toEqual({
    status: 403,
    code: 'label-not-permitted',
  });
  const [event] = await until('the refusal is a security event', async () => {
    const { body } = await asTenant<Events>('GET', `/teams/${team.id}/security-events`);
    return body.total > 0 ? body.events : undefined;
  });
  expect(event).toMatchObject({
    event_type: 'label_policy_violation',
    severity: 'high',
    user_identity: 'tenant@example.test',
  });
});

it('administration is for administrators, and who tries is noted by name', async () => {
  const refused = await asTenant('POST', '/admin/teams', { name: 'mine' });
  expect({ status: refused.status, code: refused.body.code }).toEqual({
    status: 403,
    code: 'admin-required',
  });
  const events = await until('the attempt is a security event', async () => {
    const { body } = await asAdmin<Events>('GET', '/admin/security-events?event_type=admin_required');
    return body.total > 0 ? body.events : undefined;
  });
  expect(events[0]?.user_identity).toBe('tenant@example.test');
  const all = await asTenant('GET', '/admin/security-events');
  expect(all.body.code).toBe('admin-required');
});

it('a team that is not theirs does not exist for them', async () => {
  const { body: other } = await asAdmin('POST', '/admin/teams', { name: 'secret' });
  for (const path of ['', '/members', '/audit-logs', '/security-events']) {
    const { status, body } = await asTenant('GET', `/teams/${other.id}${path}`);
    expect({ path, status, code: body.code }).toEqual({ path, status: 404, code: 'team-unknown' });
  }
});

it('a suspended team provisions nothing until it is let work again', async () => {
  const suspended = await asAdmin('POST', `/admin/teams/${team.id}/deactivate`, { reason: 'An audit' });
  expect({ status: suspended.status, isActive: suspended.body.is_active }).toEqual({
    status: 200,
    isActive: false,
  });
  expect((await provision(['gpu'])).body.code).toBe('team-deactivated');
  expect((await asAdmin('POST', `/admin/teams/${team.id}/reactivate`)).status).toBe(200);
  expect((await provision(['gpu'])).status).toBe(201);
  expect((await provision(['gpu'])).body.code).toBe('runner-quota-reached');
});

it('a deactivated user is out, with a token that is still good', async () => {
  const out = await asAdmin('DELETE', `/admin/users/${user.id}`, { comment: 'Has left the company' });
  expect({ status: out.status, isActive: out.body.is_active }).toEqual({ status: 200, isActive: false });
  expect((await asTenant('GET', '/teams')).body.code).toBe('user-deactivated');
  expect((await asAdmin('POST', `/admin/users/${user.id}/activate`)).status).toBe(200);
  expect((await asTenant('GET', '/teams')).status).toBe(200);
});

it('the last administrator stays', async () => {
  const { body: me } = await asAdmin<{ user_id: string }>('GET', '/auth/me');
  const { status, body } = await asAdmin<Code>('DELETE', `/admin/users/${me.user_id}`, {
    comment: 'Nobody is to administer this',
  });
  expect({ status, code: body.code }).toEqual({ status: 409, code: 'last-admin' });
});

it('the audit log tells all of it, refusals included, and names no e-mail in its data', async () => {
  const logs = await until('the refusal of the last administrator is there', async () => {
    const { body } = await asAdmin<Logs>('GET', '/audit-logs?limit=200');
    return body.logs.some(({ event_data: data }) => JSON.stringify(data).includes('last-admin'))
      ? body.logs
      : undefined;
  });
  const words = new Set(logs.map(({ event_type, success }) => `${event_type} ${success}`));
  for (const word of [
    'team_created true',
    'user_created true',
    'member_added true',
    'team_deactivated true',
    'team_reactivated true',
    'user_deactivated true',
    'user_activated true',
    'provision_refused false',
    'access_refused false',
  ])
    expect([...words]).toContain(word);
  expect(JSON.stringify(logs.map(({ event_data: data }) => data))).not.toContain('tenant@example.test');
});
