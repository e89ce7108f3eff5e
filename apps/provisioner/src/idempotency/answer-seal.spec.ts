import { describe, expect, it } from '@jest/globals';
import { AnswerSeal, keySha256 } from './answer-seal.js';

const ALICE = { issuer: 'https://auth.example.com', subject: 'alice', key: 'deploy-42' };
const ANSWER = { secret: { encodedJitConfig: 'very secret' } };
const seal = new AnswerSeal('a secret of the server');

describe('a sealed answer', () => {
  const sealed = seal.seal(ALICE, 'runner-1', ANSWER);

  it('is opened by the same caller with the same key', () =>
    expect(seal.open(ALICE, 'runner-1', sealed)).toEqual(ANSWER));
  it('tells nothing of what is in it', () =>
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('secret'));
  it('is never sealed the same way twice', () =>
    expect(seal.seal(ALICE, 'runner-1', ANSWER)).not.toBe(sealed));

  it.each([
    ['another caller', { ...ALICE, subject: 'mallory' }],
    ['another issuer', { ...ALICE, issuer: 'https://evil.example.com' }],
    ['another key', { ...ALICE, key: 'deploy-43' }],
    ['parts cut differently', { ...ALICE, subject: 'alice"', key: ',"deploy-42' }],
  ])('is not opened by %s', (_, owned) => expect(seal.open(owned, 'runner-1', sealed)).toBeUndefined());
  it('is not opened for another runner', () => expect(seal.open(ALICE, 'runner-2', sealed)).toBeUndefined());
  it('is not opened with another secret of the server', () =>
    expect(new AnswerSeal('another secret').open(ALICE, 'runner-1', sealed)).toBeUndefined());
  it('is not opened when somebody has changed it', () => {
    const bytes = Buffer.from(sealed, 'base64');
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    expect(seal.open(ALICE, 'runner-1', bytes.toString('base64'))).toBeUndefined();
    expect(seal.open(ALICE, 'runner-1', 'AAAA')).toBeUndefined();
  });

  it('is named by a digest that differs for every caller and key', () =>
    expect(new Set([keySha256(ALICE), keySha256({ ...ALICE, subject: 'bob' })]).size).toBe(2));
});
