import { type AdminRosterEvent, adminRosterEvent, type Decision, refused } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type AdminRoster = {
  /** The active administrators. */
  admins: ReadonlySet<string>;
  /** Nobody signs in through these: their identity providers are switched off or removed, or about to be. */
  closedIssuers: ReadonlySet<string>;
};

/** An administrator who has just been seen to be an active one, and how they sign in. */
export type SeenAdmin = {
  userId: string;
  /** Of the identities that are this user. */
  issuers: readonly string[];
  /** The environment's issuer knows them; it cannot be closed. */
  byEnvironment: boolean;
};

export type AddAdmin = { type: 'AddAdmin'; userId: string; at: string };
export type RemoveAdmin = {
  type: 'RemoveAdmin';
  userId: string;
  at: string;
  /** Others who may stay; a crash may leave names in the roster that are no administrators. */
  confirmed: readonly SeenAdmin[];
};
export type CloseIssuer = {
  type: 'CloseIssuer';
  issuer: string;
  at: string;
  confirmed: readonly SeenAdmin[];
};
export type ReopenIssuer = { type: 'ReopenIssuer'; issuer: string; at: string };
export type AdminRosterCommand = AddAdmin | RemoveAdmin | CloseIssuer | ReopenIssuer;

/** Whether somebody of these is still an administrator and can still sign in. */
export const isSomebodyLeft = (
  { admins, closedIssuers }: AdminRoster,
  confirmed: readonly SeenAdmin[],
): boolean =>
  confirmed.some(
    ({ userId, issuers, byEnvironment }) =>
      admins.has(userId) && (byEnvironment || issuers.some((issuer) => !closedIssuers.has(issuer))),
  );

const add = ({ userId, at }: AddAdmin, { admins }: AdminRoster): Decision<AdminRosterEvent> =>
  admins.has(userId) ? [] : [adminRosterEvent('AdminAdded')({ userId, addedAt: at })];

const remove = ({ userId, at, confirmed }: RemoveAdmin, roster: AdminRoster): Decision<AdminRosterEvent> => {
  if (!roster.admins.has(userId)) return [];
  const removed = adminRosterEvent('AdminRemoved')({ userId, removedAt: at });
  if (isSomebodyLeft(evolve(roster, removed), confirmed)) return [removed];
  return refused(
    'last-admin',
    'This is the last active administrator who can sign in. Make somebody else an administrator first.',
  );
};

const close = ({ issuer, at, confirmed }: CloseIssuer, roster: AdminRoster): Decision<AdminRosterEvent> => {
  if (roster.closedIssuers.has(issuer)) return [];
  const closed = adminRosterEvent('AdminIssuerClosed')({ issuer, closedAt: at });
  if (isSomebodyLeft(evolve(roster, closed), confirmed)) return [closed];
  return refused(
    'last-admin',
    'No active administrator could sign in without this identity provider. Give one another identity first.',
  );
};

const reopen = ({ issuer, at }: ReopenIssuer, { closedIssuers }: AdminRoster): Decision<AdminRosterEvent> =>
  closedIssuers.has(issuer) ? [adminRosterEvent('AdminIssuerReopened')({ issuer, reopenedAt: at })] : [];

const evolve = (roster: AdminRoster, event: AdminRosterEvent): AdminRoster => {
  const admins = new Set(roster.admins);
  const closedIssuers = new Set(roster.closedIssuers);
  switch (event.type) {
    case 'AdminAdded':
      return { closedIssuers, admins: admins.add(event.data.userId) };
    case 'AdminRemoved':
      admins.delete(event.data.userId);
      return { closedIssuers, admins };
    case 'AdminIssuerClosed':
      return { admins, closedIssuers: closedIssuers.add(event.data.issuer) };
    case 'AdminIssuerReopened':
      closedIssuers.delete(event.data.issuer);
      return { admins, closedIssuers };
  }
};

/**
 * Who administers and through which issuers nobody can, in one stream with an expected revision: whatever takes
 * administrators away is decided one after the other, so one who can sign in always stays. A name is added after the
 * user is an administrator and removed before it ceases to be; an issuer is closed before its provider is switched
 * off and opened after it is on again.
 */
export const adminRosterDecider: Decider<AdminRosterCommand, AdminRoster, AdminRosterEvent> = {
  initial: { admins: new Set<string>(), closedIssuers: new Set<string>() },
  decide: (command, roster) => {
    switch (command.type) {
      case 'AddAdmin':
        return add(command, roster);
      case 'RemoveAdmin':
        return remove(command, roster);
      case 'CloseIssuer':
        return close(command, roster);
      case 'ReopenIssuer':
        return reopen(command, roster);
    }
  },
  evolve,
};
