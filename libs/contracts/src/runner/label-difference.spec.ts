import { expect, it } from '@jest/globals';
import { labelDifference } from './label-difference.js';

it.each([
  ['the same in another order', ['gpu', 'big'], ['big', 'gpu']],
  ['the same in another case', ['gpu'], ['GPU', 'Gpu']],
  ['what GitHub adds by itself', ['gpu'], ['self-hosted', 'Linux', 'X64', 'gpu']],
  ['what GitHub leaves out by itself', ['self-hosted', 'linux', 'x64', 'gpu'], ['gpu']],
])('%s is no difference', (_, expected, observed) =>
  expect(labelDifference(expected, observed)).toBeUndefined(),
);

it('tells what is missing from what was added', () =>
  expect(labelDifference(['linux', 'gpu', 'big'], ['linux', 'big', 'Production', 'linux-x64'])).toEqual({
    missing: ['gpu'],
    unexpected: ['linux-x64', 'production'],
  }));
