import { describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/contracts';
import { checkAddresses } from './issuer-address.js';

const faultyFields = (issuer: string, jwksUrl?: string, allowPrivate = false): string[] => {
  try {
    checkAddresses({ issuer, jwksUrl }, allowPrivate);
    return [];
  } catch (error) {
    const { code, members } = error as Problem;
    expect(code).toBe('request-invalid');
    return [...new Set((members.errors as { field: string }[]).map(({ field }) => field))];
  }
};
const PARTNER = 'https://partner.example';

describe('an issuer', () => {
  it.each([PARTNER, `${PARTNER}/`, `${PARTNER}:8443/realms/ci`, 'https://kubernetes.default.svc'])(
    'may be %s',
    (issuer) => expect(faultyFields(issuer)).toEqual([]),
  );
  it.each([
    'http://partner.example',
    'http://127.0.0.1:9',
    'ftp://partner.example',
    `${PARTNER}/?x=1`,
    `${PARTNER}/?`,
    `${PARTNER}/#x`,
    'https://me@partner.example',
    'https://me:secret@partner.example',
    'https://169.254.169.254',
    'https://0x7f.1',
    'https://2130706433',
    'https://[::1]',
  ])('must not be %s', (issuer) => expect(faultyFields(issuer)).toEqual(['issuer']));
});

describe('a key set', () => {
  it.each(['https://keys.example/jwks', 'https://keys.example/jwks?policy=x'])('may be at %s', (jwksUrl) =>
    expect(faultyFields(PARTNER, jwksUrl)).toEqual([]),
  );
  it.each([
    'http://keys.example/jwks',
    'https://10.0.0.1/jwks',
    'https://keys.example/jwks#x',
    'https://me:secret@keys.example/',
  ])('must not be at %s', (jwksUrl) => expect(faultyFields(PARTNER, jwksUrl)).toEqual(['jwks_url']));
});

describe('where private issuers are allowed', () => {
  it.each(['https://10.0.0.1', 'http://127.0.0.1:9', 'http://localhost:9', 'http://[::1]:9'])(
    'an issuer may be %s',
    (issuer) => expect(faultyFields(issuer, undefined, true)).toEqual([]),
  );
  it.each(['http://partner.example', 'http://10.0.0.1', 'http://127.example', 'http://[::2]'])(
    'it must not be %s',
    (issuer) => expect(faultyFields(issuer, undefined, true)).toEqual(['issuer']),
  );
});
