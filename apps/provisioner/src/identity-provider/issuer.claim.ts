import { type IdentityProviderEvent, type IssuerEvent, issuerEvent, streams } from '#libs/contracts';
import { type Claimable, digestOf } from '../claim/claims.js';
import { identityProviderDecider } from './identity-provider.decider.js';

/** An issuer is no other identity provider. */
export const issuerClaim = (issuer: string): Claimable<IssuerEvent> => ({
  stream: streams.issuer(digestOf(issuer)),
  holderStream: streams.identityProvider,
  isUsedIn: (history) => {
    const facts = history as unknown as readonly IdentityProviderEvent[];
    const { status } = facts.reduce(identityProviderDecider.evolve, identityProviderDecider.initial);
    return status === 'active' || status === 'inactive';
  },
  claimed: (identityProviderId, claimedAt) =>
    issuerEvent('IssuerClaimed')({ issuer, identityProviderId, claimedAt }),
  released: (identityProviderId, releasedAt) =>
    issuerEvent('IssuerReleased')({ identityProviderId, releasedAt }),
  holderIn: ({ type, data }) =>
    type === 'IssuerClaimed' ? { holder: data.identityProviderId, claimedAt: data.claimedAt } : undefined,
  taken: {
    code: 'already-exists',
    detail: 'This issuer is registered already. Change that provider instead.',
  },
});
