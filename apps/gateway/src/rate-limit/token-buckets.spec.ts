import { expect, it } from '@jest/globals';
import { TokenBuckets } from './token-buckets.js';

const bucketsAt = (perMinute: number) => {
  const clock = { ms: 0 };
  return { clock, buckets: new TokenBuckets(perMinute, () => clock.ms) };
};

it('gives so many at once, then says how long to wait', () => {
  const { clock, buckets } = bucketsAt(3);
  expect([1, 2, 3, 4].map(() => buckets.take('ann'))).toEqual([0, 0, 0, 20_000]);
  clock.ms = 15_000;
  expect(buckets.take('ann')).toBe(5_000);
  clock.ms = 20_000;
  expect([buckets.take('ann'), buckets.take('ann')]).toEqual([0, 20_000]);
});

it('never gives more than a minute holds, however long it was quiet', () => {
  const { clock, buckets } = bucketsAt(2);
  clock.ms = 3_600_000;
  expect([1, 2, 3].map(() => buckets.take('ann'))).toEqual([0, 0, 30_000]);
});

it('one caller costs another nothing', () => {
  const { buckets } = bucketsAt(1);
  expect([buckets.take('ann'), buckets.take('ann'), buckets.take('bob')]).toEqual([0, 60_000, 0]);
});

it('remembers ten thousand, and of more those who came last', () => {
  const { buckets } = bucketsAt(1);
  buckets.take('ann');
  for (let each = 0; each < 9_999; each++) buckets.take(`caller-${each}`);
  expect(buckets.take('ann')).toBe(60_000);
  buckets.take('one more');
  expect(buckets.take('ann')).toBe(60_000);
  expect(buckets.take('caller-0')).toBe(0);
});
