import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

/** How one issuer's tokens are checked and read. */
export const identityProviderSettings = z.object({
  name: z.string(),
  /** `aud` must be one of these. */
  audiences: z.array(z.string()),
  /** Discovered from the issuer when absent. */
  jwksUrl: z.string().optional(),
  /** JWS algorithms, asymmetric ones only. */
  algorithms: z.array(z.string()),
  /** The issuer may name users by e-mails of these domains; empty = by none. */
  emailDomains: z.array(z.string()),
  /** Which claims mean what; absent = `sub` for a client's id, `email` for an e-mail. */
  claims: z.object({
    clientId: z.string().optional(),
    groups: z.string().optional(),
    email: z.string().optional(),
  }),
});
export type IdentityProviderSettings = z.infer<typeof identityProviderSettings>;

export const identityProviderEventSchemas = {
  IdentityProviderRegistered: identityProviderSettings.extend({
    identityProviderId: uuid,
    issuer: z.string(),
    registeredAt: instant,
  }),
  /** Holds all settings as they are from now on. */
  IdentityProviderConfigured: identityProviderSettings.extend({
    identityProviderId: uuid,
    configuredAt: instant,
  }),
  IdentityProviderDeactivated: z.object({ identityProviderId: uuid, deactivatedAt: instant }),
  IdentityProviderActivated: z.object({ identityProviderId: uuid, activatedAt: instant }),
  IdentityProviderRemoved: z.object({ identityProviderId: uuid, removedAt: instant }),
};
export type IdentityProviderEvent = EventsOf<typeof identityProviderEventSchemas>;
export const identityProviderEvent = eventConstructor<IdentityProviderEvent>();

/** An issuer is at most one provider. */
export const issuerEventSchemas = {
  IssuerClaimed: z.object({ issuer: z.string(), identityProviderId: uuid, claimedAt: instant }),
  IssuerReleased: z.object({ identityProviderId: uuid, releasedAt: instant }),
};
export type IssuerEvent = EventsOf<typeof issuerEventSchemas>;
export const issuerEvent = eventConstructor<IssuerEvent>();
