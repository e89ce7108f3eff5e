import { type Decision, type IdentityEvent, identityEvent, refused } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type IdentityState = { userId: string | undefined };
export type ClaimIdentity = { type: 'ClaimIdentity' } & Extract<
  IdentityEvent,
  { type: 'IdentityClaimed' }
>['data'];

/** One issuer + subject is one user, for good. */
export const identityDecider: Decider<ClaimIdentity, IdentityState, IdentityEvent> = {
  initial: { userId: undefined },
  decide: ({ type: _, ...claimed }, { userId }): Decision<IdentityEvent> => {
    if (userId === claimed.userId) return [];
    if (userId !== undefined) {
      return refused('user-not-authorized', 'This identity belongs to another user. Ask an administrator.');
    }
    return [identityEvent('IdentityClaimed')(claimed)];
  },
  evolve: (_, { data }) => ({ userId: data.userId }),
};
