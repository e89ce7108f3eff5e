import { describe, it } from '@jest/globals';
import { type IdentityProviderEvent, identityProviderEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { type ChangeIdentityProvider, identityProviderDecider } from './identity-provider.decider.js';

const identityProviderId = '3c0f8f2e-7f0a-4d63-8b7a-5b1f6e2d9c06';
const AT = '2026-03-01T10:00:00.000Z';
const ISSUER = 'https://token.actions.githubusercontent.com';

const settings = {
  name: 'GitHub Actions',
  audiences: ['runner-token-service'],
  algorithms: ['RS256'],
  emailDomains: ['example.com'],
  claims: { clientId: 'azp' },
};
const registered = identityProviderEvent('IdentityProviderRegistered')({
  ...settings,
  identityProviderId,
  issuer: ISSUER,
  registeredAt: AT,
});
const configured = (changed: Partial<typeof settings> & { jwksUrl?: string }) =>
  identityProviderEvent('IdentityProviderConfigured')({
    ...settings,
    ...changed,
    identityProviderId,
    configuredAt: AT,
  });
const activated = identityProviderEvent('IdentityProviderActivated')({ identityProviderId, activatedAt: AT });
const deactivated = identityProviderEvent('IdentityProviderDeactivated')({
  identityProviderId,
  deactivatedAt: AT,
});
const removed = identityProviderEvent('IdentityProviderRemoved')({ identityProviderId, removedAt: AT });

const register = {
  type: 'RegisterIdentityProvider',
  identityProviderId,
  issuer: ISSUER,
  settings,
  at: AT,
} as const;
const change = (patch: Omit<ChangeIdentityProvider, 'type' | 'identityProviderId' | 'at'>) =>
  ({ type: 'ChangeIdentityProvider', identityProviderId, at: AT, ...patch }) as const;
const remove = { type: 'RemoveIdentityProvider', identityProviderId, at: AT } as const;
const provider = (...facts: readonly IdentityProviderEvent[]) =>
  given(identityProviderDecider, registered, ...facts);

describe('an identity provider', () => {
  it('is registered', () => given(identityProviderDecider).when(register).thenRecorded(registered));
  it('is registered once', () => provider().when(register).thenNothing());
  it('is registered without repeats', () =>
    given(identityProviderDecider)
      .when({
        ...register,
        settings: { ...settings, audiences: ['runner-token-service', 'runner-token-service'] },
      })
      .thenRecorded(registered));

  it('keeps what is not named', () =>
    provider()
      .when(change({ audiences: ['new'] }))
      .thenRecorded(configured({ audiences: ['new'] })));
  it('gets a key set of its own, and loses it again', () => {
    const jwksUrl = 'https://keys.example/jwks';
    provider().when(change({ jwksUrl })).thenRecorded(configured({ jwksUrl }));
    provider(configured({ jwksUrl }))
      .when(change({ jwksUrl: null }))
      .thenRecorded(configured({}));
  });
  it('speaks for no domain any more', () =>
    provider()
      .when(change({ emailDomains: null }))
      .thenRecorded(configured({ emailDomains: [] })));
  it('has its claims merged', () => {
    provider()
      .when(change({ claims: { email: 'upn' } }))
      .thenRecorded(configured({ claims: { clientId: 'azp', email: 'upn' } as never }));
    provider()
      .when(change({ claims: { clientId: null } }))
      .thenRecorded(configured({ claims: {} as never }));
    provider()
      .when(change({ claims: null }))
      .thenRecorded(configured({ claims: {} as never }));
  });
  it('is not changed to what it is', () =>
    provider()
      .when(change({ ...settings, isActive: true }))
      .thenNothing());

  it('is deactivated and activated', () => {
    provider()
      .when(change({ isActive: false }))
      .thenRecorded(deactivated);
    provider(deactivated)
      .when(change({ isActive: false }))
      .thenNothing();
    provider(deactivated)
      .when(change({ isActive: true }))
      .thenRecorded(activated);
  });

  it('is removed', () => provider().when(remove).thenRecorded(removed));
  it('is nobody afterwards', () => {
    provider(removed).when(remove).thenRefused('identity-provider-unknown');
    provider(removed)
      .when(change({ name: 'x' }))
      .thenRefused('identity-provider-unknown');
    provider(removed).when(register).thenNothing();
  });
  it('has to be registered first', () =>
    given(identityProviderDecider)
      .when(change({ name: 'x' }))
      .thenRefused('identity-provider-unknown'));
});
