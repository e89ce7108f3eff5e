import { describe, expect, it } from '@jest/globals';
import { isOverdue, pauseAfter, settlementOf, type Unsettled } from './settlement.js';

const now = new Date('2026-11-03T10:00:00.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const runner = (changes: Partial<Unsettled>): Unsettled => ({
  id: 'c7f7a5c5-0f8e-4d9f-9f5e-1a2b3c4d5e6f',
  name: 'gpu-1',
  teamId: null,
  state: 'requested',
  stateSince: ago(0),
  expiresAt: null,
  nameHeldSince: ago(600),
  slotHeldSince: null,
  cancellingSince: null,
  ...changes,
});

describe('what has been open for too long', () => {
  it.each<[string, Partial<Unsettled>]>([
    ['a request nobody answered', { state: 'requested', stateSince: ago(21) }],
    ['a name without a request', { state: 'claimed', nameHeldSince: ago(21) }],
    [
      'a slot without a request',
      { state: 'claimed', nameHeldSince: null, slotHeldSince: ago(21), stateSince: ago(600) },
    ],
    ['a deletion GitHub has not confirmed', { state: 'deleting', stateSince: ago(3) }],
    ['a workflow run that is not cancelled yet', { state: 'busy', cancellingSince: ago(3) }],
    ['a runner that is offline for too long', { state: 'offline', stateSince: ago(601) }],
    ['a runner that did not connect in time', { state: 'pending', expiresAt: ago(1) }],
    ['a name that outlived its runner', { state: 'ended', stateSince: ago(4) }],
    [
      'a slot that outlived its runner',
      { state: 'ended', stateSince: ago(4), nameHeldSince: null, slotHeldSince: ago(600) },
    ],
  ])('%s', (_, changes) => {
    expect(isOverdue(runner(changes), now, 600_000)).toBe(true);
  });
});

describe('what is left alone', () => {
  it.each<[string, Partial<Unsettled>]>([
    ['a request that may still be answered', { state: 'requested', stateSince: ago(19) }],
    ['a name just taken', { state: 'claimed', nameHeldSince: ago(19) }],
    ['a deletion just begun', { state: 'deleting', stateSince: ago(1) }],
    ['a runner that may still connect', { state: 'pending', stateSince: ago(3000), expiresAt: ago(-1) }],
    ['a runner that has just ended', { state: 'ended', stateSince: ago(2) }],
    ['a runner that gave everything back', { state: 'ended', stateSince: ago(600), nameHeldSince: null }],
    ['an idle runner', { state: 'idle', stateSince: ago(600) }],
    ['a busy runner', { state: 'busy', stateSince: ago(600) }],
    ['an offline runner', { state: 'offline', stateSince: ago(600) }],
  ])('%s', (_, changes) => {
    expect(isOverdue(runner(changes), now, 600_000)).toBe(false);
  });
});

describe('trying again', () => {
  it('waits longer each time, for a deletion up to a minute', () => {
    const tries = [1, 2, 3, 4, 5, 6, 20];
    expect(tries.map((count) => pauseAfter('deleting', count) / 1000)).toEqual([2, 4, 8, 16, 32, 60, 60]);
    expect(tries.map((count) => pauseAfter('requested', count) / 1000)).toEqual([2, 4, 8, 15, 15, 15, 15]);
  });

  it('says what was taken, for a runner whose stream may not exist', () => {
    const teamId = '0d9a1b62-7c1e-4a6e-8f43-5b8c1d2e3f40';
    expect(settlementOf(runner({ teamId }))).toEqual({
      runnerId: runner({}).id,
      runnerName: 'gpu-1',
      teamId,
    });
    expect(settlementOf(runner({ name: null }))).toEqual({ runnerId: runner({}).id });
  });
});
