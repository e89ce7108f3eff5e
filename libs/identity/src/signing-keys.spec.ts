import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestIssuer, type TestIssuer } from '#libs/testing';
import { SigningKeys } from './signing-keys.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let issuer: TestIssuer;
let now: number;

const keysOf = (
  { issuer: name, jwksUrl }: { issuer: string; jwksUrl?: string | undefined },
  allowPrivate = true,
) => new SigningKeys({ issuer: name, jwksUrl, access: { allowPrivate }, now: () => now });
const key = (keyId: string | undefined, algorithm = 'RS256') => ({ keyId, algorithm });
const code = (asked: Promise<unknown>) => asked.then(() => 'known').catch(({ code: refusal }) => refusal);
const broken = (response: ServerResponse) => response.writeHead(500).end();
const hanging = () => {};

beforeEach(async () => {
  now = 1_000_000;
  issuer = await startTestIssuer();
});
afterEach(() => issuer.stop());

describe("an issuer's keys", () => {
  it('are discovered, fetched once and kept as they are', async () => {
    const keys = keysOf({ issuer: issuer.issuer });
    const [one, ...others] = await Promise.all(Array.from({ length: 50 }, () => keys.keyFor(key('key-1'))));
    expect(others.every((other) => other === one)).toBe(true);
    now += 9 * MINUTE;
    expect(await keys.keyFor(key('key-1'))).toBe(one);
    expect(issuer.fetches()).toBe(1);
  });

  it('are fetched from where the operator says', async () => {
    const keys = keysOf({ issuer: 'https://issuer.example', jwksUrl: issuer.jwksUrl });
    expect(await code(keys.keyFor(key('key-1')))).toBe('known');
  });

  it('are not those of whoever discovery speaks for instead', async () => {
    const keys = keysOf({ issuer: `${issuer.issuer}/` });
    expect(await code(keys.keyFor(key('key-1')))).toBe('identity-provider-unavailable');
  });

  it('are not fetched from a private address', async () => {
    const keys = keysOf(issuer, false);
    expect(await code(keys.keyFor(key('key-1')))).toBe('identity-provider-unavailable');
    expect(issuer.fetches()).toBe(0);
  });
});

describe('a key id nobody has heard of', () => {
  it('causes one fetch in 30 seconds, however many ask', async () => {
    const keys = keysOf(issuer);
    await keys.keyFor(key('key-1'));
    now += 30 * SECOND;
    const asked = Array.from({ length: 50 }, (_, index) => code(keys.keyFor(key(`unheard-${index}`))));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['token-invalid']));
    expect(issuer.fetches()).toBe(2);
    now += 29 * SECOND;
    expect(await code(keys.keyFor(key('unheard')))).toBe('token-invalid');
    expect(issuer.fetches()).toBe(2);
  });

  it('is known 30 seconds after it was published, at the latest', async () => {
    const keys = keysOf(issuer);
    await keys.keyFor(key('key-1'));
    await issuer.addKey('key-2');
    expect(await code(keys.keyFor(key('key-2')))).toBe('token-invalid');
    now += 30 * SECOND;
    expect(await code(keys.keyFor(key('key-2')))).toBe('known');
    expect(await code(keys.keyFor(key('key-1')))).toBe('known');
  });
});

describe('through an outage', () => {
  it('known keys stay, and nobody waits for them', async () => {
    const keys = keysOf(issuer);
    await keys.keyFor(key('key-1'));
    issuer.answerKeys(hanging);
    now += 60 * MINUTE;
    const begun = performance.now();
    for (let times = 0; times < 100; times++) expect(await code(keys.keyFor(key('key-1')))).toBe('known');
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it('a hanging issuer does not delay known keys while somebody asks for another', async () => {
    const keys = keysOf(issuer);
    await keys.keyFor(key('key-1'));
    issuer.answerKeys(hanging);
    now += 30 * SECOND;
    let given = false;
    const waiting = code(keys.keyFor(key('unheard'))).finally(() => {
      given = true;
    });
    expect(await code(keys.keyFor(key('key-1')))).toBe('known');
    expect(given).toBe(false);
    await issuer.stop();
    expect(await waiting).toBe('identity-provider-unavailable');
  });

  it('the issuer is asked again every 30 seconds, not for every token', async () => {
    const keys = keysOf(issuer);
    await keys.keyFor(key('key-1'));
    issuer.answerKeys(broken);
    now += 11 * MINUTE;
    for (let times = 0; times < 20; times++) await keys.keyFor(key('key-1'));
    expect(await code(keys.keyFor(key('unheard')))).toBe('identity-provider-unavailable');
    expect(issuer.fetches()).toBe(2);
  });

  it('of more than a day nobody is let in by keys that may have been taken back', async () => {
    const keys = keysOf(issuer);
    await keys.keyFor(key('key-1'));
    issuer.answerKeys(broken);
    now += 24 * 60 * MINUTE;
    expect(await code(keys.keyFor(key('key-1')))).toBe('known');
    now += MINUTE;
    expect(await code(keys.keyFor(key('key-1')))).toBe('identity-provider-unavailable');
    issuer.answerKeys();
    now += 30 * SECOND;
    expect(await code(keys.keyFor(key('key-1')))).toBe('known');
  });

  it('whose keys never came is asked again after 5 seconds', async () => {
    issuer.answerKeys(broken);
    const keys = keysOf(issuer);
    expect(await code(keys.keyFor(key('key-1')))).toBe('identity-provider-unavailable');
    issuer.answerKeys();
    expect(await code(keys.keyFor(key('key-1')))).toBe('identity-provider-unavailable');
    now += 5 * SECOND;
    expect(await code(keys.keyFor(key('key-1')))).toBe('known');
  });

  it('an empty set does not take the known keys away', async () => {
    const keys = keysOf(issuer);
    await keys.keyFor(key('key-1'));
    issuer.answerKeys((response) => response.end('{"keys":[]}'));
    now += 11 * MINUTE;
    await keys.keyFor(key('key-1'));
    await code(keys.keyFor(key('unheard')));
    expect(await code(keys.keyFor(key('key-1')))).toBe('known');
  });
});

describe('of a key set', () => {
  it('symmetric and short keys, keys for encryption and what cannot be read are ignored', async () => {
    const rsa = (modulusLength: number) =>
      generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' });
    issuer.publish(
      { ...rsa(2048), kid: 'encryption', use: 'enc' },
      { ...rsa(2048), kid: 'wrapping', key_ops: ['wrapKey'] },
      { ...rsa(1024), kid: 'short' },
      { kty: 'oct', kid: 'shared', k: 'c2VjcmV0', alg: 'HS256' },
      { kty: 'RSA', kid: 'broken', n: '!', e: 'AQAB' },
      { kty: 'unheard-of', kid: 'new' },
    );
    const keys = keysOf(issuer);
    expect(await code(keys.keyFor(key('key-1')))).toBe('known');
    for (const keyId of ['encryption', 'wrapping', 'short', 'shared', 'broken', 'new'])
      expect(await code(keys.keyFor(key(keyId)))).toBe('token-invalid');
  });

  it('a key is good for its algorithm alone', async () => {
    const keys = keysOf(issuer);
    expect(await code(keys.keyFor(key('key-1', 'PS256')))).toBe('token-invalid');
    expect(await code(keys.keyFor(key('key-1', 'ES256')))).toBe('token-invalid');
  });

  it('a token need not name the only key, but must name one of several', async () => {
    const keys = keysOf(issuer);
    expect(await code(keys.keyFor(key(undefined)))).toBe('known');
    await issuer.addKey('key-2', 'ES256');
    const several = keysOf(issuer);
    expect(await code(several.keyFor(key(undefined)))).toBe('token-invalid');
    expect(await code(several.keyFor(key('key-2', 'ES256')))).toBe('known');
  });

  it('what comes after the first hundred is not looked at', async () => {
    issuer.publish(...Array.from({ length: 100 }, (_, index) => ({ kty: 'oct', kid: `${index}` })));
    expect(await code(keysOf(issuer).keyFor(key('key-1')))).toBe('identity-provider-unavailable');
  });
});
