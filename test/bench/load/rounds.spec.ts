import { describe, expect, it } from '@jest/globals';
import type { LoopResult } from './closed-loop.js';
import { latencyFigures, rateFigure, takeRounds } from './rounds.js';

const loop = (calls: number, seconds: number): LoopResult => ({
  latencies: Float64Array.from({ length: calls }, (_, index) => index + 1),
  seconds,
});

describe('rounds', () => {
  it('are taken by turns', async () => {
    const taken: string[] = [];
    const take = (name: string) => async () => {
      taken.push(name);
      return loop(1, 1);
    };
    const rounds = await takeRounds(2, take('measured'), take('floor'));
    expect(taken).toEqual(['measured', 'floor', 'measured', 'floor']);
    expect(rounds.measured).toHaveLength(2);
  });

  const rounds = { measured: [loop(100, 1), loop(300, 1), loop(120, 1)], floor: [loop(400, 1)] };

  it('make a rate of their median, and show them', () => {
    expect(rateFigure('calls', 'bare', rounds, 100)).toEqual({
      what: 'calls',
      value: 120,
      unit: '/s',
      floor: { what: 'bare', value: 400 },
      rounds: [100, 300, 120],
      limit: 100,
    });
  });

  it('make percentiles of all their samples', () => {
    const [p50, p99] = latencyFigures('calls', 'bare', rounds, { p99: 5 });
    expect(p50).toMatchObject({
      what: 'calls, p50',
      value: 87,
      floor: { value: 200 },
      spread: { count: 520 },
    });
    expect(p99).toMatchObject({ what: 'calls, p99', value: 295, limit: 5 });
  });

  it('make no 99th percentile of a handful', () => {
    const few = { measured: [loop(150, 1)], floor: [loop(150, 1)] };
    expect(latencyFigures('calls', 'bare', few).map(({ what }) => what)).toEqual(['calls, p50']);
  });
});
