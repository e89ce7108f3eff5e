import { describe, it } from '@jest/globals';
import { runnerNameEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { runnerNameDecider } from './runner-name.decider.js';

const AT = '2026-03-01T10:00:00.000Z';
const CLAIM = { scope: { kind: 'org' as const, login: 'octo-org' }, installationId: 42, runnerName: 'gpu-1' };
const claimed = (runnerId: string) =>
  runnerNameEvent('RunnerNameClaimed')({ ...CLAIM, runnerId, claimedAt: AT });
const released = (runnerId: string) => runnerNameEvent('RunnerNameReleased')({ runnerId, releasedAt: AT });
const claim = (runnerId: string, neverAppeared?: string) =>
  ({
    type: 'ClaimRunnerName',
    ...CLAIM,
    runnerId,
    at: AT,
    ...(neverAppeared ? { neverAppeared } : {}),
  }) as const;
const name = (...facts: Parameters<typeof runnerNameDecider.evolve>[1][]) =>
  given(runnerNameDecider, ...facts);

describe('a runner name', () => {
  it('is claimed by the first who asks', () => name().when(claim('a')).thenRecorded(claimed('a')));
  it('is refused to the second', () =>
    name(claimed('a')).when(claim('b')).thenRefused('runner-name-taken', { runner_name: 'gpu-1' }));
  it('is not claimed twice by its holder', () => name(claimed('a')).when(claim('a')).thenNothing());
  it('is free again once released', () =>
    name(claimed('a'), released('a')).when(claim('b')).thenRecorded(claimed('b')));
  it('is taken over from a holder that never became a runner', () =>
    name(claimed('a')).when(claim('b', 'a')).thenRecorded(claimed('b')));
  it('is not taken over from anybody else', () =>
    name(claimed('c')).when(claim('b', 'a')).thenRefused('runner-name-taken', { runner_name: 'gpu-1' }));
  it('is released by its holder only', () =>
    name(claimed('a')).when({ type: 'ReleaseRunnerName', runnerId: 'b', at: AT }).thenNothing());
});
