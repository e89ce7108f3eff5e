import { type IdentityEvent, identityEvent, streams } from '#libs/contracts';
import { type Claimable, digestOf } from '../claim/claims.js';
import { userAfter } from './user.decider.js';

/** Issuer + subject is no other user. */
export const identityClaim = (identity: { issuer: string; subject: string }): Claimable<IdentityEvent> => ({
  stream: streams.identity(digestOf(identity.issuer, identity.subject)),
  holderStream: streams.user,
  isUsedIn: (history) => {
    const user = userAfter(history);
    return user.status !== 'unknown' && user.identities.has(`${identity.issuer}|${identity.subject}`);
  },
  claimed: (userId, claimedAt) => identityEvent('IdentityClaimed')({ ...identity, userId, claimedAt }),
  released: (userId, releasedAt) => identityEvent('IdentityReleased')({ userId, releasedAt }),
  holderIn: ({ type, data }) =>
    type === 'IdentityClaimed' ? { holder: data.userId, claimedAt: data.claimedAt } : undefined,
  taken: { code: 'already-exists', detail: 'This issuer and subject belong to another user.' },
});
