import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWTPayload } from 'jose';
import {
  AUDIENCE,
  GITHUB_ACTIONS_ISSUER,
  githubActionsClaims,
  KUBERNETES_ISSUER,
  kubernetesClaims,
  startTestIssuer,
  type TestIssuer,
} from '#libs/testing';
import { filesWith } from './support/files-with.js';
import { type System, startSystem, until } from './support/system.js';

type Me = { user_id: string; email?: string; is_admin: boolean; teams: { name: string }[]; code?: string };
type Created = { id: string };

let system: System;
let alpha: TestIssuer;
let beta: TestIssuer;
let github: TestIssuer;
let cluster: TestIssuer;
const ids = new Map<string, string>();
const idOf = (name: string) => ids.get(name) ?? name;

const asAdmin = <Body>(method: string, path: string, body?: unknown) =>
  system.call<Body>(method, `/api/v1/admin${path}`, { body, token: system.development.admin_token });
const add = async (name: string, path: string, body: object) => {
  const { status, body: created } = await asAdmin<Created>('POST', path, body);
  expect({ status, created }).toMatchObject({ status: 201 });
  ids.set(name, created.id);
};

/** Status and code, or who one is taken for. */
const greet = async (token: string): Promise<string> => {
  const { status, body } = await system.call<Me>('GET', '/api/v1/auth/me', { token });
  if (status !== 200) return `${status} ${body.code}`;
  return [body.email ?? body.user_id, body.is_admin ? 'admin' : '', ...body.teams.map(({ name }) => name)]
    .filter(Boolean)
    .join(' ');
};
/** A token of the environment's issuer. */
const environmentToken = async (order: object) =>
  (await system.simulator<{ access_token: string }>('POST', '/tokens', order)).access_token;
const verified = (email: string) => ({ email, email_verified: true });
const seconds = () => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  [alpha, beta, github, cluster] = await Promise.all([
    startTestIssuer(),
    startTestIssuer(),
    startTestIssuer({ issuer: GITHUB_ACTIONS_ISSUER }),
    startTestIssuer({ issuer: KUBERNETES_ISSUER }),
  ]);
  system = await startSystem();

  const provider = (name: string, { issuer, jwksUrl }: TestIssuer, more: object = {}) =>
    add(name, '/identity-providers', { name, issuer, jwks_url: jwksUrl, audiences: [AUDIENCE], ...more });
  await provider('alpha', alpha, { email_domains: ['alpha.example'] });
  await provider('beta', beta, { email_domains: ['beta.example'] });
  await provider('github', github);
  await provider('cluster', cluster);
  await add('red', '/teams', { name: 'red' });
  await add('blue', '/teams', { name: 'blue' });
  await add('ann', '/users', { email: 'ann@alpha.example' });
  await add('bob', '/users', { email: 'bob@alpha.example' });
  await add('root', '/users', { email: 'second-root@alpha.example', is_admin: true });
  await add('carol', '/users', { oidc_issuer: alpha.issuer, oidc_sub: 'carol' });
  await add('ci', '/oauth-clients', { oidc_issuer: alpha.issuer, client_id: 'ci', team_id: idOf('red') });
  await add('jobs', '/trust-rules', {
    name: 'Jobs of the shop',
    identity_provider_id: idOf('github'),
    team_id: idOf('red'),
    conditions: [
      { claim: 'sub', matches: 'repo:octo-org/shop:.*' },
      { claim: 'ref', equals: 'refs/heads/main' },
    ],
  });
  await add('pods', '/trust-rules', {
    name: 'Launchers',
    identity_provider_id: idOf('cluster'),
    team_id: idOf('blue'),
    conditions: [{ claim: 'sub', equals: 'system:serviceaccount:ci:launcher' }],
  });
});
afterAll(async () => {
  await Promise.all([alpha, beta, github, cluster].map((issuer) => issuer?.stop()));
  await system?.stop();
});

describe('whoever brings a good token', () => {
  it('is the user whose e-mail their issuer may speak for, from then on by issuer and subject', async () => {
    expect(await greet(await alpha.token({ sub: 'ann-1', ...verified('Ann@Alpha.example') }))).toBe(
      'ann@alpha.example',
    );
    expect(await greet(await alpha.token({ sub: 'ann-1' }))).toBe('ann@alpha.example');
  });
  it('is the user with this issuer and subject', async () =>
    expect(await greet(await alpha.token({ sub: 'carol' }))).toBe(idOf('carol')));
  it('is the machine client of this issuer, and no administrator', async () => {
    const token = await alpha.token({ sub: 'ci@clients' });
    expect(await greet(token)).toBe(`${idOf('ci')} red`);
    const { status, body } = await system.call('GET', '/api/v1/admin/users', { token });
    expect(`${status} ${body.code}`).toBe('403 admin-required');
  });
  it("is the team's machine, for a job of GitHub's", async () =>
    expect(await greet(await github.token(githubActionsClaims({ owner: 'octo-org', name: 'shop' })))).toBe(
      `${idOf('jobs')} red`,
    ));
  it('gets a runner for the team it acts for', async () => {
    const token = await github.token(githubActionsClaims({ owner: 'octo-org', name: 'shop' }));
    const { status, body } = await system.call<{ runner_id: string }>('POST', '/api/v1/runners/jit', {
      body: { runner_name_prefix: 'shop' },
      token,
    });
    expect(status).toBe(201);
    const seen = await system.call<{ team_name: string }>('GET', `/api/v1/runners/${body.runner_id}`, {
      token,
    });
    expect(seen.body.team_name).toBe('red');
  });
  it("is the team's machine, for a service account of Kubernetes", async () =>
    expect(await greet(await cluster.token(kubernetesClaims('ci', 'launcher', AUDIENCE)))).toBe(
      `${idOf('pods')} blue`,
    ));
});

describe('nobody takes over somebody else', () => {
  const attempts: [string, () => Promise<string>, string][] = [
    [
      'the same e-mail with another subject',
      () => alpha.token({ sub: 'mallory', ...verified('ann@alpha.example') }),
      '403 user-not-authorized',
    ],
    [
      'an e-mail that is not verified',
      () => alpha.token({ sub: 'mallory', email: 'bob@alpha.example' }),
      '403 user-not-authorized',
    ],
    [
      'an e-mail that is verified in words only',
      () => alpha.token({ sub: 'mallory', email: 'bob@alpha.example', email_verified: 'true' }),
      '403 user-not-authorized',
    ],
    [
      "an e-mail outside the issuer's domains",
      () => beta.token({ sub: 'mallory', ...verified('bob@alpha.example') }),
      '403 user-not-authorized',
    ],
    [
      "an administrator's e-mail outside the issuer's domains",
      () => beta.token({ sub: 'mallory', ...verified('second-root@alpha.example') }),
      '403 user-not-authorized',
    ],
    [
      'an e-mail with two domains',
      () => beta.token({ sub: 'mallory', ...verified('bob@alpha.example@beta.example') }),
      '403 user-not-authorized',
    ],
    [
      'an e-mail of an issuer that may speak for none',
      () => github.token({ sub: 'mallory', ...verified('bob@alpha.example') }),
      '403 user-not-authorized',
    ],
    ['the same subject of another issuer', () => beta.token({ sub: 'carol' }), '403 user-not-authorized'],
    [
      "the same subject of the environment's issuer",
      () => environmentToken({ sub: 'carol' }),
      '403 user-not-authorized',
    ],
    ['the same client id of another issuer', () => beta.token({ sub: 'ci' }), '403 user-not-authorized'],
    [
      'a client id in a claim that does not name it',
      () => alpha.token({ sub: 'mallory', azp: 'ci', client_id: 'ci' }),
      '403 user-not-authorized',
    ],
    [
      "a job of GitHub's under another issuer",
      () => beta.token({ ...githubActionsClaims({ owner: 'octo-org', name: 'shop' }), iss: beta.issuer }),
      '403 user-not-authorized',
    ],
    [
      'a job of another owner',
      () => github.token(githubActionsClaims({ owner: 'evil', name: 'shop' })),
      '403 user-not-authorized',
    ],
    [
      'a job of another branch',
      () => github.token(githubActionsClaims({ owner: 'octo-org', name: 'shop', ref: 'refs/heads/try' })),
      '403 user-not-authorized',
    ],
    [
      'a service account of another namespace',
      () => cluster.token(kubernetesClaims('evil', 'launcher', AUDIENCE)),
      '403 user-not-authorized',
    ],
    [
      "another issuer's signature under this one's name",
      () => beta.token({ iss: alpha.issuer, sub: 'carol' }),
      '401 token-invalid',
    ],
    ['the public key as a shared secret', () => alpha.confusedToken(), '401 token-invalid'],
    ['no signature', () => unsigned({ sub: 'carol' }), '401 token-invalid'],
    ['a foreign key', () => alpha.token({ sub: 'carol' }, { foreignKey: true }), '401 token-invalid'],
    ['a foreign key id', () => alpha.token({ sub: 'carol' }, { kid: 'foreign' }), '401 token-invalid'],
    ['an expired token', () => alpha.token({ sub: 'carol', exp: seconds() - 60 }), '401 token-expired'],
    ['a token for somebody else', () => alpha.token({ sub: 'carol', aud: 'another' }), '401 token-invalid'],
    [
      'a token from the future',
      () => alpha.token({ sub: 'carol', iat: seconds() + 90 }),
      '401 token-invalid',
    ],
    ['an issuer nobody knows', () => alpha.token({ iss: 'https://evil.example' }), '401 issuer-untrusted'],
  ];
  const unsigned = async (claims: JWTPayload) => {
    const [, payload = ''] = (await alpha.token(claims)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: 'key-1' })).toString('base64url');
    return `${header}.${payload}.`;
  };
  it.each(attempts)('by %s', async (_, token, refusal) => expect(await greet(await token())).toBe(refusal));

  it('and who was meant still gets in', async () =>
    expect(await greet(await alpha.token({ sub: 'bob-1', ...verified('bob@alpha.example') }))).toBe(
      'bob@alpha.example',
    ));
});

describe('a token that is tried on a rule', () => {
  type Tested = { matches: boolean; reasons: { claim: string; fulfilled: boolean; detail: string }[] };
  const tryOn = async (rule: string, token: string) =>
    (await asAdmin<Tested>('POST', `/trust-rules/${idOf(rule)}/test`, { token })).body;
  const tried: string[] = [];

  it('is explained', async () => {
    const token = await github.token(
      githubActionsClaims({ owner: 'octo-org', name: 'shop', ref: 'refs/heads/try' }),
    );
    tried.push(token);
    const { matches, reasons } = await tryOn('jobs', token);
    expect(matches).toBe(false);
    expect(reasons.map(({ claim, fulfilled }) => `${claim} ${fulfilled}`)).toEqual([
      'token true',
      'sub true',
      'ref false',
    ]);
  });
  it('is explained when it is not valid, too', async () => {
    const token = await cluster.token({
      ...kubernetesClaims('ci', 'launcher', AUDIENCE),
      exp: seconds() - 60,
    });
    tried.push(token);
    const { matches, reasons } = await tryOn('pods', token);
    expect(matches).toBe(false);
    expect(reasons[0]).toEqual({
      claim: 'token',
      fulfilled: false,
      detail: 'The token has expired. Get a new one.',
    });
  });
  it('is written down nowhere', () => {
    expect(tried).toHaveLength(2);
    const parts = tried.flatMap((token) => token.split('.').slice(1));
    expect(filesWith(system.dataDir, parts, /^run\/dev\.json$/)).toEqual([]);
  });
});

describe('a provider that is switched off', () => {
  it('lets nobody in from that moment, and is trusted by nobody soon after', async () => {
    const token = await beta.token({ sub: 'dora' });
    await add('dora', '/users', { oidc_issuer: beta.issuer, oidc_sub: 'dora' });
    expect(await greet(token)).toBe(idOf('dora'));
    const path = `/identity-providers/${idOf('beta')}`;
    expect((await asAdmin('PATCH', path, { is_active: false })).status).toBe(200);
    expect(await greet(token)).toMatch(/^(403 user-not-authorized|401 issuer-untrusted)$/);
    await until('the gateway has heard of it', async () =>
      (await greet(token)) === '401 issuer-untrusted' ? true : undefined,
    );
    expect((await asAdmin('PATCH', path, { is_active: true })).status).toBe(200);
    await until('it is trusted again', async () =>
      (await greet(token)) === idOf('dora') ? true : undefined,
    );
    expect((await asAdmin('DELETE', path)).status).toBe(204);
    expect(await greet(token)).toMatch(/^(403 user-not-authorized|401 issuer-untrusted)$/);
  });
});
