import { describe, it } from '@jest/globals';
import { type AdminRosterEvent, adminRosterEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { adminRosterDecider } from './admin-roster.decider.js';

const ADA = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a01';
const BEA = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a02';
const CLEO = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a03';
const AT = '2026-03-01T10:00:00.000Z';

const added = (userId: string) => adminRosterEvent('AdminAdded')({ userId, addedAt: AT });
const removed = (userId: string) => adminRosterEvent('AdminRemoved')({ userId, removedAt: AT });
const roster = (...facts: readonly AdminRosterEvent[]) => given(adminRosterDecider, ...facts);
const add = (userId: string) => ({ type: 'AddAdmin', userId, at: AT }) as const;
const remove = (userId: string, ...confirmed: string[]) =>
  ({ type: 'RemoveAdmin', userId, at: AT, confirmed }) as const;

describe('the administrators', () => {
  it('are added', () => roster().when(add(ADA)).thenRecorded(added(ADA)));
  it('are added once', () => roster(added(ADA)).when(add(ADA)).thenNothing());
  it('are removed while another one stays', () =>
    roster(added(ADA), added(BEA)).when(remove(ADA, BEA)).thenRecorded(removed(ADA)));
  it('keep the last one', () => roster(added(ADA)).when(remove(ADA)).thenRefused('last-admin'));
  it('keep the last one who has been seen to be one', () =>
    roster(added(ADA), added(CLEO)).when(remove(ADA)).thenRefused('last-admin'));
  it('keep the last one when the one who should stay has gone meanwhile', () =>
    roster(added(ADA), added(BEA), removed(BEA)).when(remove(ADA, BEA)).thenRefused('last-admin'));
  it('are not confirmed by themselves', () =>
    roster(added(ADA)).when(remove(ADA, ADA)).thenRefused('last-admin'));
  it('are removed once', () =>
    roster(added(ADA), added(BEA), removed(ADA)).when(remove(ADA, BEA)).thenNothing());
});
