import { describe, expect, it } from '@jest/globals';
import { distributionOf, median } from './distribution.js';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a distribution', () => {
  it('names samples that were seen, whatever their order', () => {
    expect(distributionOf(upTo(200).reverse())).toEqual({
      count: 200,
      p50: 100,
      p95: 190,
      p99: 198,
      max: 200,
    });
  });

  it('of one sample is that sample', () => {
    expect(distributionOf([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('sorts numbers as numbers', () => {
    expect(distributionOf([10, 9, 100])).toMatchObject({ p50: 10, max: 100 });
  });

  it('of nothing is refused', () => {
    expect(() => distributionOf([])).toThrow(RangeError);
  });
});

describe('the median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[5], 5],
  ])('of %j is %d', (values, expected) => expect(median(values)).toBe(expected));
});
