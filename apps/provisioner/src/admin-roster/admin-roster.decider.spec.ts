import { describe, it } from '@jest/globals';
import { type AdminRosterEvent, adminRosterEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { adminRosterDecider, type SeenAdmin } from './admin-roster.decider.js';

const ADA = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a01';
const BEA = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a02';
const CLEO = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a03';
const AT = '2026-03-01T10:00:00.000Z';

const added = (userId: string) => adminRosterEvent('AdminAdded')({ userId, addedAt: AT });
const removed = (userId: string) => adminRosterEvent('AdminRemoved')({ userId, removedAt: AT });
const roster = (...facts: readonly AdminRosterEvent[]) => given(adminRosterDecider, ...facts);
const add = (userId: string) => ({ type: 'AddAdmin', userId, at: AT }) as const;
const PARTNER = 'https://partner.example';
const closed = adminRosterEvent('AdminIssuerClosed')({ issuer: PARTNER, closedAt: AT });
const reopened = adminRosterEvent('AdminIssuerReopened')({ issuer: PARTNER, reopenedAt: AT });
const byEnvironment = (userId: string) => ({ userId, issuers: [], byEnvironment: true });
const byPartner = (userId: string) => ({ userId, issuers: [PARTNER], byEnvironment: false });
const withNothing = (userId: string) => ({ userId, issuers: [], byEnvironment: false });
const removeSeeing = (userId: string, ...confirmed: readonly SeenAdmin[]) =>
  ({ type: 'RemoveAdmin', userId, at: AT, confirmed }) as const;
const remove = (userId: string, ...others: string[]) => removeSeeing(userId, ...others.map(byEnvironment));
const close = (...confirmed: readonly SeenAdmin[]) =>
  ({ type: 'CloseIssuer', issuer: PARTNER, at: AT, confirmed }) as const;
const reopen = { type: 'ReopenIssuer', issuer: PARTNER, at: AT } as const;

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

describe('an issuer', () => {
  it('is closed while somebody signs in elsewhere', () =>
    roster(added(ADA))
      .when(close(byEnvironment(ADA)))
      .thenRecorded(closed));
  it('is closed once', () => roster(added(ADA), closed).when(close()).thenNothing());
  it('stays open for the last who can sign in', () =>
    roster(added(ADA), added(BEA))
      .when(close(byPartner(BEA)))
      .thenRefused('last-admin'));
  it('stays open when who signs in elsewhere has gone meanwhile', () =>
    roster(added(ADA), added(BEA), removed(ADA))
      .when(close(byEnvironment(ADA)))
      .thenRefused('last-admin'));
  it('once closed is no way for the last administrator', () =>
    roster(added(ADA), added(BEA), closed)
      .when(removeSeeing(ADA, byPartner(BEA)))
      .thenRefused('last-admin'));
  it('may be closed to somebody who has another', () =>
    roster(added(ADA), added(BEA), closed)
      .when(removeSeeing(ADA, { ...byPartner(BEA), issuers: [PARTNER, 'https://other.example'] }))
      .thenRecorded(removed(ADA)));
  it('reopened is a way again', () =>
    roster(added(ADA), added(BEA), closed, reopened)
      .when(removeSeeing(ADA, byPartner(BEA)))
      .thenRecorded(removed(ADA)));
  it('is reopened', () => roster(closed).when(reopen).thenRecorded(reopened));
  it('that is open is not reopened', () => roster().when(reopen).thenNothing());
  it('is missed by nobody who cannot sign in anyway', () =>
    roster(added(ADA), added(BEA))
      .when(removeSeeing(ADA, withNothing(BEA)))
      .thenRefused('last-admin'));
});
