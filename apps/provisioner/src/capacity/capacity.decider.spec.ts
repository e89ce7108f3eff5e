import { describe, expect, it } from '@jest/globals';
import { teamCapacityEvent, userCapacityEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { capacityDecider, SNAPSHOT_EVERY } from './capacity.decider.js';
import { capacityOf } from './capacity-holder.js';

const TEAM = '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02';
const AT = '2026-03-01T10:00:00.000Z';
const reserved = (runnerId: string) =>
  teamCapacityEvent('RunnerSlotReserved')({ teamId: TEAM, runnerId, reservedAt: AT });
const released = (runnerId: string) =>
  teamCapacityEvent('RunnerSlotReleased')({ teamId: TEAM, runnerId, releasedAt: AT });
const reserve = (runnerId: string, limit?: number) =>
  ({ type: 'ReserveSlot', runnerId, limit, at: AT }) as const;
const release = (runnerId: string) => ({ type: 'ReleaseSlot', runnerId, at: AT }) as const;
const closed = teamCapacityEvent('TeamCapacityClosed')({ teamId: TEAM, closedAt: AT });
const opened = teamCapacityEvent('TeamCapacityOpened')({ teamId: TEAM, openedAt: AT });
const decider = capacityDecider(capacityOf({ kind: 'team', id: TEAM }));
const capacity = (...facts: Parameters<typeof decider.evolve>[1][]) => given(decider, ...facts);

describe('slots of a team', () => {
  it('are given as long as there are any', () =>
    capacity(reserved('a')).when(reserve('b', 2)).thenRecorded(reserved('b')));

  it('are refused at the limit, saying how many are in use', () =>
    capacity(reserved('a'), reserved('b'))
      .when(reserve('c', 2))
      .thenRefused('runner-quota-reached', { limit: 2, in_use: 2 }));

  it('are counted without a limit too', () =>
    capacity(reserved('a')).when(reserve('b')).thenRecorded(reserved('b')));

  it('are not taken twice by one runner', () => capacity(reserved('a')).when(reserve('a', 1)).thenNothing());

  it('are free again once given back', () =>
    capacity(reserved('a'), released('a')).when(reserve('b', 1)).thenRecorded(reserved('b')));

  it('are not given back twice', () =>
    capacity(reserved('a'), released('a')).when(release('a')).thenNothing());

  it('are given to nobody once the team is closed', () =>
    capacity(reserved('a'), closed).when(reserve('b')).thenRefused('team-deactivated', { team_id: TEAM }));

  it('are given back by a closed team', () =>
    capacity(reserved('a'), closed).when(release('a')).thenRecorded(released('a')));

  it('are given again once the team is open', () =>
    capacity(closed, opened).when(reserve('b')).thenRecorded(reserved('b')));

  it('are closed and opened once', () => {
    capacity(closed).when({ type: 'CloseCapacity', at: AT }).thenNothing();
    capacity().when({ type: 'OpenCapacity', at: AT }).thenNothing();
  });

  it('stay closed over a summary', () =>
    capacity(teamCapacityEvent('TeamCapacitySnapshotTaken')({ teamId: TEAM, runnerIds: [], closed: true }))
      .when(reserve('a'))
      .thenRefused('team-deactivated', { team_id: TEAM }));

  it('are set right when they do not fit the runner', () => {
    const repaired = (runnerId: string, repair: 'reserved' | 'released') =>
      teamCapacityEvent('RunnerSlotRepaired')({ teamId: TEAM, runnerId, repair, repairedAt: AT });
    const repair = (runnerId: string, what: 'reserved' | 'released') =>
      ({ type: 'RepairSlot', runnerId, repair: what, at: AT }) as const;
    capacity(reserved('a')).when(repair('a', 'released')).thenRecorded(repaired('a', 'released'));
    capacity(reserved('a')).when(repair('b', 'reserved')).thenRecorded(repaired('b', 'reserved'));
    capacity(reserved('a')).when(repair('a', 'reserved')).thenNothing();
    capacity(reserved('a'), repaired('a', 'released')).when(reserve('b', 1)).thenRecorded(reserved('b'));
  });

  it('of a user are told in words of their own', () => {
    const userId = TEAM;
    const slot = (runnerId: string) =>
      userCapacityEvent('UserSlotReserved')({ userId, runnerId, reservedAt: AT });
    const users = capacityDecider(capacityOf({ kind: 'user', id: userId }));
    given(users, slot('a')).when(reserve('b', 2)).thenRecorded(slot('b'));
    given(users, slot('a'))
      .when(reserve('b', 1))
      .thenRefused('runner-quota-reached', { limit: 1, in_use: 1 });
  });

  it('are summed up now and then', () => {
    const many = Array.from({ length: SNAPSHOT_EVERY }, (_, index) => reserved(`r${index}`));
    const decision = decider.decide({ type: 'TakeSnapshot' }, many.reduce(decider.evolve, decider.initial));
    expect(decision).toEqual([
      teamCapacityEvent('TeamCapacitySnapshotTaken')({
        teamId: TEAM,
        runnerIds: many.map(({ data }) => ('runnerId' in data ? data.runnerId : '')),
      }),
    ]);
  });
});
