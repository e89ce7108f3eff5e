import { expect, it } from '@jest/globals';
import { Turnstile } from './turnstile.js';

it('lets a burst in a few at a time, in order, and others get a turn in between', async () => {
  const turnstile = new Turnstile();
  const happened: (number | string)[] = [];
  const burst = Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      await turnstile.pass();
      happened.push(index);
    }),
  );
  setImmediate(() => happened.push('something else'));
  await burst;
  expect(happened.filter((entry) => typeof entry === 'number')).toEqual(
    Array.from({ length: 40 }, (_, i) => i),
  );
  expect(happened.indexOf('something else')).toBeLessThan(20);
});

it('keeps nobody waiting when it is quiet', () => {
  expect(new Turnstile().pass()).toBeUndefined();
});
