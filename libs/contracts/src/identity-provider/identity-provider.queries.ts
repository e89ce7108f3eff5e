import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { pageSchema, sortBy } from '../page.js';
import { identityProviderSettings } from './identity-provider.events.js';

export const identityProviderViewSchema = identityProviderSettings.extend({
  id: uuid,
  issuer: z.string(),
  isActive: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  createdBy: z.string(),
});
export type IdentityProviderView = z.infer<typeof identityProviderViewSchema>;

export const identityProviderSortFields = ['created_at', 'updated_at', 'name', 'issuer'] as const;

export const listIdentityProvidersSchema = pageSchema.extend({
  sort: sortBy(identityProviderSortFields).default('-created_at'),
});
export const getIdentityProviderSchema = z.object({ identityProviderId: uuid });
export const identityProviderListSchema = z.object({
  identityProviders: z.array(identityProviderViewSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});
export const identityProviderFoundSchema = z.object({
  identityProvider: identityProviderViewSchema,
  fresh: z.boolean(),
});
export const identityProviderWrittenSchema = z.object({
  identityProvider: identityProviderViewSchema,
  position: z.string().optional(),
});

/** What the gateway must know to check tokens: every active provider, beside the environment's issuer. */
export const trustedIssuersSchema = z.object({
  issuers: z.array(
    identityProviderSettings
      .pick({ audiences: true, jwksUrl: true, algorithms: true, claims: true })
      .extend({ issuer: z.string() }),
  ),
});
export type TrustedIssuers = z.infer<typeof trustedIssuersSchema>;
