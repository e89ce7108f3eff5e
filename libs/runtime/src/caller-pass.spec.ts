import { describe, expect, it } from '@jest/globals';
import { readCallerPass, signCallerPass } from './caller-pass.js';

const caller = { issuer: 'https://issuer.example', subject: 'ann', emailVerified: true };
const secret = 'a secret of the service';
const now = Date.UTC(2026, 0, 1);

describe('a caller pass', () => {
  const pass = signCallerPass(caller, secret, now);

  it('names the caller for a minute', () => {
    expect(readCallerPass(pass, secret, now + 59_999)).toEqual(caller);
    expect(readCallerPass(pass, secret, now + 60_000)).toBeUndefined();
  });

  it('is worth nothing when it is missing, cut, altered, extended or signed with another secret', () => {
    const [payload = '', signature = ''] = pass.split('.');
    const forged = Buffer.from(JSON.stringify({ caller, expiresAt: now * 2 })).toString('base64url');
    const worthless = [
      undefined,
      '',
      '.',
      payload,
      `${payload}.`,
      `${forged}.${signature}`,
      `${payload}.${signature.slice(0, -2)}`,
      `${pass}.${signature}`,
      signCallerPass(caller, 'another secret', now),
    ];
    for (const attempt of worthless) expect(readCallerPass(attempt, secret, now)).toBeUndefined();
  });
});
