import { describe, expect, it } from '@jest/globals';
import { type Figure, holds, ratioOf } from '../figure.js';
import { tableOf } from './table.js';

const rate: Figure = {
  what: 'deliveries',
  value: 1250,
  unit: '/s',
  floor: { what: 'bare', value: 5000 },
  limit: 600,
  rounds: [1200, 1300],
};
const time: Figure = {
  what: 'p99',
  value: 300.4,
  unit: 'ms',
  floor: { what: 'bare', value: 20 },
  limit: 250,
  spread: { count: 12_500, p50: 40, p95: 90.25, p99: 300.4, max: 1234.5 },
};

describe('a figure', () => {
  it('is so many times worse than its floor, whatever its unit', () => {
    expect(ratioOf(rate)).toBe(4);
    expect(ratioOf(time)).toBeCloseTo(15.02);
    expect(ratioOf({ what: 'x', value: 1, unit: 's' })).toBeUndefined();
  });

  it('holds at the limit: at least a rate, at most anything else', () => {
    expect([600, 599].map((value) => holds({ ...rate, value }))).toEqual([true, false]);
    expect([250, 251].map((value) => holds({ ...time, value }))).toEqual([true, false]);
    expect(holds({ what: 'x', value: 1, unit: 's' })).toBeUndefined();
  });
});

describe('the table', () => {
  it('shows value, floor, ratio, limit, verdict and spread, in columns', () => {
    expect(tableOf([rate, time])).toBe(
      [
        '            measured    floor  × floor  demanded  holds',
        'deliveries   1,250/s  5,000/s     4.00   ≥ 600/s  yes    rounds 1,200 1,300',
        'p99           300 ms  20.0 ms       15  ≤ 250 ms  NO     n 12,500, p95 90.3 ms, max 1,235 ms',
      ].join('\n'),
    );
  });

  it('leaves open what was not measured or is not demanded', () => {
    expect(tableOf([{ what: 'memory', value: 87.26, unit: 'MiB' }])).toMatch(/^memory +87\.3 MiB +– +– +–$/m);
  });
});
