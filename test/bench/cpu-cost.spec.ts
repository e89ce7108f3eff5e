import { expect, it } from '@jest/globals';
import { costOf, lineOf } from './cpu-cost.js';

it('what a call cost is its part of the time, the process that spent the most first', () => {
  const cost = costOf('delivery', 200, { gateway: 0.2, sync: 1, nats: 0 });
  expect(cost.perCallMs).toEqual({ gateway: 1, sync: 5, nats: 0 });
  expect(lineOf(cost)).toBe('CPU ms per delivery: 6.00 = sync 5.00, gateway 1.00, nats 0.00');
});
