import { describe, expect, it } from '@jest/globals';
import { type UnmanagedRunner, unmanagedRunnersEvent } from '#libs/contracts';
import { isReported, unmanagedRunnersDecider } from './unmanaged-runners.decider.js';

const { initial, decide, evolve } = unmanagedRunnersDecider;
const about = {
  scope: { kind: 'org' as const, login: 'octo-org' },
  installationId: 42,
  total: 3,
  seenAt: '2026-03-01T12:00:00.000Z',
};
const desk = (githubRunnerId: number): UnmanagedRunner => ({
  githubRunnerId,
  name: `desk-${githubRunnerId}`,
  labels: ['self-hosted'],
  status: 'online',
});
const seen = (...ids: number[]) =>
  unmanagedRunnersEvent('UnmanagedRunnersSeen')({ ...about, runners: ids.map(desk) });

/** Runners of other services that came and went, so many told of at a time. */
const afterMany = (count: number, together: number) => {
  let state = initial;
  for (let first = 1; first <= count; first += together)
    state = evolve(state, seen(...Array.from({ length: together }, (_, index) => first + index)));
  return state;
};

describe('unmanaged runners', () => {
  it('are told of when they are new', () => {
    const state = evolve(initial, seen(1, 2));
    const report = { type: 'ReportUnmanaged' as const, ...about, runners: [desk(2), desk(3)] };
    expect(decide(report, state)).toEqual([seen(3)]);
    expect(decide({ ...report, runners: [desk(1)] }, state)).toEqual([]);
  });

  it.each([1, 7, 1_000, 5_000])('are remembered by the ten thousand, told of %d at a time', (together) => {
    const state = afterMany(40_000, together);
    for (const id of [1, 999, 1_000, 1_001, 20_000, 39_999]) expect(isReported(state, id)).toBe(true);
    expect(isReported(state, 50_001)).toBe(false);
  });

  it('are forgotten when they have long been gone', () => {
    const state = afterMany(60_000, 10);
    expect(isReported(state, 1)).toBe(false);
    expect(isReported(state, 59_999)).toBe(true);
  });
});
