import { expect, it } from '@jest/globals';
import { BackOff } from './back-off.js';

const pauses = (backOff: BackOff, count: number) => Array.from({ length: count }, () => backOff.nextMs());

it('pauses longer and longer, up to a limit, and starts again after a reset', () => {
  const backOff = new BackOff({ leastMs: 100, mostMs: 1_000, random: () => 0 });
  expect(pauses(backOff, 6)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  backOff.reset();
  expect(pauses(backOff, 2)).toEqual([100, 200]);
});

it('differs from one process to the next by up to a half', () => {
  const most = new BackOff({ leastMs: 100, mostMs: 1_000, random: () => 0.999 });
  expect(pauses(most, 2).map(Math.round)).toEqual([50, 100]);
  const many = Array.from({ length: 200 }, () => new BackOff({ leastMs: 1_000, mostMs: 1_000 }).nextMs());
  expect(Math.min(...many)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...many)).toBeLessThanOrEqual(1_000);
  expect(new Set(many).size).toBeGreaterThan(100);
});
