import { beforeEach, expect, it } from '@jest/globals';
import { FailedAuthentications } from './failed-authentications.js';

const [FLOODING, ELSEWHERE] = ['203.0.113.1', '203.0.113.2'] as const;
let now: number;
let failures: FailedAuthentications;
beforeEach(() => {
  now = 0;
  failures = new FailedAuthentications(() => now);
});

const flood = (times: number) => {
  for (let each = 0; each < times; each++) failures.failed(FLOODING);
};
const codeFor = (ip: string, token: string) => failures.problemFor(ip, token)?.code;

it('600 bad tokens within a minute are looked at, then none that is new', () => {
  flood(599);
  expect(codeFor(FLOODING, 'new')).toBeUndefined();
  flood(1);
  expect(codeFor(FLOODING, 'new')).toBe('rate-limited');
  expect(failures.problemFor(FLOODING, 'new')?.retryAfterSeconds).toBe(1);
  expect(codeFor(ELSEWHERE, 'new')).toBeUndefined();
});

it('who is at work behind the same address goes on', () => {
  failures.succeeded('known');
  flood(1_000);
  expect(codeFor(FLOODING, 'known')).toBeUndefined();
  expect(codeFor(FLOODING, 'new')).toBe('rate-limited');
});

it('asking costs nothing, and what failed is forgiven with time', () => {
  flood(600);
  for (let each = 0; each < 100; each++) codeFor(FLOODING, 'new');
  now += 100;
  expect(codeFor(FLOODING, 'new')).toBeUndefined();
});

it('10,000 good tokens are remembered, the quietest is forgotten', () => {
  for (let each = 0; each <= 10_000; each++) {
    failures.succeeded(`token-${each}`);
    failures.succeeded('token-0');
  }
  flood(600);
  expect(codeFor(FLOODING, 'token-0')).toBeUndefined();
  expect(codeFor(FLOODING, 'token-1')).toBe('rate-limited');
  expect(codeFor(FLOODING, 'token-2')).toBeUndefined();
});
