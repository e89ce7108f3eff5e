import { Inject, Injectable } from '@nestjs/common';
import { type Caller, type IdentityProviderEvent, Problem, streams } from '#libs/contracts';
import { type EventStore, type Handled, handleCommand, load } from '#libs/event-store';
import { Admins } from '../admin-roster/admins.js';
import { Claims } from '../claim/claims.js';
import { type Origin, step } from '../origin.js';
import { ALLOW_PRIVATE_ISSUERS, ENVIRONMENT_ISSUER, EVENT_STORE } from '../provisioner.tokens.js';
import {
  type ChangeIdentityProvider,
  type IdentityProviderCommand,
  type IdentityProviderState,
  identityProviderDecider,
  type KnownIdentityProvider,
  type RegisterIdentityProvider,
  type RemoveIdentityProvider,
} from './identity-provider.decider.js';
import { issuerClaim } from './issuer.claim.js';
import { checkAddresses } from './issuer-address.js';

/** The identity providers' streams, and their issuers, of which each is one provider's. */
@Injectable()
export class IdentityProviders {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly claims: Claims,
    private readonly admins: Admins,
    @Inject(ENVIRONMENT_ISSUER) private readonly environmentIssuer: string | undefined,
    @Inject(ALLOW_PRIVATE_ISSUERS) private readonly allowPrivate: boolean,
  ) {}

  /** @throws Problem `identity-provider-unknown`, also when it was removed */
  async known(identityProviderId: string): Promise<KnownIdentityProvider> {
    const { state } = await load(
      this.store,
      identityProviderDecider,
      streams.identityProvider(identityProviderId),
    );
    if (state.status !== 'unknown' && state.status !== 'removed') return state;
    throw new Problem('identity-provider-unknown', 'There is no such identity provider.');
  }

  /**
   * Log position of what was recorded, if it was new. Safe to repeat.
   * @throws Problem `request-invalid`, `already-exists` when the issuer is trusted already
   */
  async register(
    provider: Omit<RegisterIdentityProvider, 'type'>,
    origin: Origin,
  ): Promise<bigint | undefined> {
    const { identityProviderId, issuer, settings, at } = provider;
    checkAddresses({ issuer, jwksUrl: settings.jwksUrl }, this.allowPrivate);
    if (isSame(issuer, this.environmentIssuer)) throw isTheEnvironments();
    await this.claims.take(issuerClaim(issuer), identityProviderId, at, origin);
    const { position } = await this.handle({ type: 'RegisterIdentityProvider', ...provider }, origin);
    await this.admins.reopenIssuer(issuer, at, origin);
    return position;
  }

  /** @throws Problem `identity-provider-unknown`, `request-invalid`, `last-admin` */
  async change(change: Omit<ChangeIdentityProvider, 'type'>, origin: Origin): Promise<bigint | undefined> {
    const { issuer } = await this.known(change.identityProviderId);
    const { jwksUrl, isActive, at } = change;
    if (jwksUrl) checkAddresses({ issuer, jwksUrl }, this.allowPrivate);
    if (isActive === false) await this.admins.closeIssuer(issuer, at, origin);
    const { position } = await this.handle({ type: 'ChangeIdentityProvider', ...change }, origin);
    if (isActive === true) await this.admins.reopenIssuer(issuer, at, origin);
    return position;
  }

  /**
   * Before an administrator changes a provider: they must not lock everybody out, themselves included.
   * @throws Problem `identity-provider-unknown`, `last-admin`
   */
  async keepIn(administrator: Caller, change: Omit<ChangeIdentityProvider, 'type'>): Promise<void> {
    const { identityProviderId, audiences, at } = change;
    const { issuer } = await this.known(identityProviderId);
    // whoever comes from elsewhere will get in again
    if (administrator.issuer !== issuer || audiences === undefined) return;
    if (!isFor(administrator, audiences)) await this.admins.outside(issuer, at);
  }

  /** @throws Problem `identity-provider-unknown`, `last-admin` */
  async remove(removal: Omit<RemoveIdentityProvider, 'type'>, origin: Origin): Promise<bigint | undefined> {
    const { identityProviderId, at } = removal;
    const { issuer } = await this.known(identityProviderId);
    await this.admins.closeIssuer(issuer, at, origin);
    const { position } = await this.handle({ type: 'RemoveIdentityProvider', ...removal }, origin);
    await this.claims.giveBack(issuerClaim(issuer), identityProviderId, at, origin);
    return position;
  }

  private handle(
    command: IdentityProviderCommand,
    origin: Origin,
  ): Promise<Handled<IdentityProviderState, IdentityProviderEvent>> {
    const { type, identityProviderId } = command;
    return handleCommand(
      this.store,
      identityProviderDecider,
      streams.identityProvider(identityProviderId),
      command,
      step(origin, `${type}-${identityProviderId}`),
    );
  }
}

/** Whether the token somebody came with is for one of the audiences. RFC 7519 4.1.3: a text or a list of them. */
const isFor = ({ claims }: Caller, audiences: readonly string[]): boolean =>
  [claims?.aud].flat().some((audience) => typeof audience === 'string' && audiences.includes(audience));

/** An issuer is its text, but a slash at the end does not make it somebody else's. */
const isSame = (issuer: string, other: string | undefined) =>
  other !== undefined && issuer.replace(/\/$/, '') === other.replace(/\/$/, '');

const isTheEnvironments = () =>
  new Problem('already-exists', 'This issuer is trusted by the environment (OIDC_ISSUER) already.');
