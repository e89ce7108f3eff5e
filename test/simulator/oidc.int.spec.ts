import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import type { StartedSimulator } from './src/index.js';

const startSimulator = simulatorsHeldToDescriptions();
const audience = 'runner-token-service';
const callback = 'http://localhost:8000/dashboard/callback';
const insecure = { execute: [client.allowInsecureRequests] };

let simulator: StartedSimulator;
const printed: unknown[] = [];

beforeAll(async () => {
  for (const method of ['info', 'warn', 'error'] as const) {
    jest.spyOn(console, method).mockImplementation((...words) => void printed.push(words));
  }
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.stop();
  expect(printed).toEqual([]);
});

/** Checks a token as a resource server does: with nothing but the published keys. */
const verified = async (token: string) => {
  const keys = createRemoteJWKSet(new URL(`${simulator.oidcIssuer}/jwks`));
  const { payload } = await jwtVerify(token, keys, { issuer: simulator.oidcIssuer, audience });
  return payload;
};

const order = async (body: object) => {
  const answer = await fetch(`${simulator.url}/_simulator/tokens`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return { status: answer.status, token: access_token };
};

describe('tokens on order', () => {
  it('are signed with a published key', async () => {
    const { status, token } = await order({ sub: 'ada', email: 'ada@example.test', claims: { team: 'x' } });
    expect(status).toBe(201);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(await verified(token)).toEqual({
      iss: simulator.oidcIssuer,
      sub: 'ada',
      aud: audience,
      email: 'ada@example.test',
      email_verified: true,
      team: 'x',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
    });
  });

  it('can be expired, or for somebody else', async () => {
    await expect(verified((await order({ sub: 'ada', expires_in: -60 })).token)).rejects.toThrow('exp');
    await expect(verified((await order({ sub: 'ada', audience: 'other' })).token)).rejects.toThrow('aud');
    expect((await order({ email: 'nobody' })).status).toBe(422);
  });

  it('stay valid when a new key signs', async () => {
    const { token: old } = await order({ sub: 'ada' });
    expect((await fetch(`${simulator.url}/_simulator/issuer-keys`, { method: 'POST' })).status).toBe(204);
    const { token: fresh } = await order({ sub: 'ada' });
    expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(old).kid);
    await verified(old);
    await verified(fresh);
  });
});

describe('clients', () => {
  it.each([
    ['in the header', client.ClientSecretBasic('build-farm-secret')],
    ['in the form', client.ClientSecretPost('build-farm-secret')],
  ])('a machine gets a token with its secret %s', async (_, authentication) => {
    const issuer = new URL(simulator.oidcIssuer);
    const configuration = await client.discovery(issuer, 'build-farm', undefined, authentication, insecure);
    const { access_token, expires_in } = await client.clientCredentialsGrant(configuration);
    expect(expires_in).toBe(3600);
    expect(await verified(access_token)).toMatchObject({ sub: 'build-farm', client_id: 'build-farm' });
  });

  it.each([
    ['ada', { sub: 'ada', email: 'ada@example.test', email_verified: true, name: 'ada' }],
    ['eve@b.test', { sub: 'eve@b.test', email: 'eve@b.test', email_verified: true, name: 'eve' }],
  ])('a person signs in as %s, with PKCE and without a password', async (login, claims) => {
    const configuration = await client.discovery(
      new URL(simulator.oidcIssuer),
      'rts-dashboard',
      'rts-dashboard-secret',
      undefined,
      insecure,
    );
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const expectedNonce = client.randomNonce();
    const start = client.buildAuthorizationUrl(configuration, {
      redirect_uri: callback,
      scope: 'openid email profile',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
    });
    const browser = new Browser();
    const page = await browser.get(start.href);
    expect(page).toContain('<form method="post">');
    const end = await browser.submit({ prompt: 'login', login });
    const tokens = await client.authorizationCodeGrant(configuration, end, {
      pkceCodeVerifier,
      expectedState,
      expectedNonce,
    });
    expect(tokens.claims()).toMatchObject({ ...claims, aud: 'rts-dashboard' });
    expect(await verified(tokens.access_token)).toMatchObject(claims);

    // Signed in already: the second time nobody is asked.
    const again = await browser.get(start.href);
    expect(again).toBe('');
    expect(browser.at?.searchParams.get('code')).toBeTruthy();
  });

  it('refuses a redirect to anywhere else', async () => {
    const answer = await fetch(
      `${simulator.oidcIssuer}/auth?client_id=rts-dashboard&response_type=code&scope=openid&redirect_uri=http://evil.test/`,
      { redirect: 'manual' },
    );
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: 'invalid_redirect_uri' });
  });
});

/** As much of a browser as a login needs: cookies, redirects, one form. Stops at the callback. */
class Browser {
  private readonly cookies = new Map<string, string>();
  at: URL | undefined;

  async get(address: string): Promise<string> {
    return this.follow(address, { method: 'GET' });
  }

  async submit(fields: Record<string, string>): Promise<URL> {
    await this.follow(this.at?.href ?? '', { method: 'POST', body: new URLSearchParams(fields) });
    return this.at ?? new URL(callback);
  }

  private async follow(address: string, init: RequestInit): Promise<string> {
    this.at = new URL(address);
    if (address.startsWith(callback)) return '';
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { ...init, headers: { cookie }, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const location = answer.headers.get('location');
    return location ? this.follow(new URL(location, address).href, { method: 'GET' }) : answer.text();
  }
}
