import { type AdminRosterEvent, adminRosterEvent, type Decision, refused } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

/** The active administrators. */
export type AdminRoster = ReadonlySet<string>;

export type AddAdmin = { type: 'AddAdmin'; userId: string; at: string };
export type RemoveAdmin = {
  type: 'RemoveAdmin';
  userId: string;
  at: string;
  /** Others who have just been seen to be active administrators; a crash may leave names in the roster that are none. */
  confirmed: readonly string[];
};
export type AdminRosterCommand = AddAdmin | RemoveAdmin;

const add = ({ userId, at }: AddAdmin, roster: AdminRoster): Decision<AdminRosterEvent> =>
  roster.has(userId) ? [] : [adminRosterEvent('AdminAdded')({ userId, addedAt: at })];

const remove = ({ userId, at, confirmed }: RemoveAdmin, roster: AdminRoster): Decision<AdminRosterEvent> => {
  if (!roster.has(userId)) return [];
  const somebodyStays = confirmed.some((other) => other !== userId && roster.has(other));
  if (!somebodyStays) {
    return refused(
      'last-admin',
      'This is the last active administrator. Make somebody else an administrator first.',
    );
  }
  return [adminRosterEvent('AdminRemoved')({ userId, removedAt: at })];
};

/**
 * Who administers, in one stream with an expected revision: two removals at once are decided one after the other,
 * so one administrator always stays. A name is added after the user is one and removed before it ceases to be.
 */
export const adminRosterDecider: Decider<AdminRosterCommand, AdminRoster, AdminRosterEvent> = {
  initial: new Set<string>(),
  decide: (command, roster) => {
    switch (command.type) {
      case 'AddAdmin':
        return add(command, roster);
      case 'RemoveAdmin':
        return remove(command, roster);
    }
  },
  evolve: (roster, event) => {
    const after = new Set(roster);
    switch (event.type) {
      case 'AdminAdded':
        return after.add(event.data.userId);
      case 'AdminRemoved':
        after.delete(event.data.userId);
        return after;
    }
  },
};
