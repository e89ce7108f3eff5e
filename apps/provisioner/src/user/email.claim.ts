import { type EmailEvent, emailEvent, streams } from '#libs/contracts';
import { type Claimable, digestOf } from '../claim/claims.js';
import { userAfter } from './user.decider.js';

/** An e-mail, whatever its case, names no other user. */
export const emailClaim = (email: string): Claimable<EmailEvent> => ({
  stream: streams.email(digestOf(email.toLowerCase())),
  holderStream: streams.user,
  isUsedIn: (history) => {
    const user = userAfter(history);
    return user.status !== 'unknown' && user.email?.toLowerCase() === email.toLowerCase();
  },
  claimed: (userId, claimedAt) => emailEvent('EmailClaimed')({ email, userId, claimedAt }),
  released: (userId, releasedAt) => emailEvent('EmailReleased')({ userId, releasedAt }),
  holderIn: ({ type, data }) =>
    type === 'EmailClaimed' ? { holder: data.userId, claimedAt: data.claimedAt } : undefined,
  taken: { code: 'already-exists', detail: 'There is a user with this e-mail. Change that one instead.' },
});
