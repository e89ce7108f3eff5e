import { z } from 'zod';
import { uuid } from '../message.js';

/** Asymmetric ones only: with a shared secret the public key would be the secret. */
export const signingAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
] as const;

const name = z.string().trim().min(1).max(100);
const audiences = z.array(z.string().min(1).max(512)).min(1).max(20);
const algorithms = z.array(z.enum(signingAlgorithms)).min(1);
const claimName = z.string().min(1).max(200);
const emailDomain = z
  .string()
  .trim()
  .regex(/^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$/, 'must be a domain name')
  .transform((domain) => domain.toLowerCase());
const emailDomains = z.array(emailDomain).max(100);
const clientIdClaim = z.enum(['sub', 'azp', 'client_id']);
const claims = z.object({
  clientId: clientIdClaim.optional(),
  groups: claimName.optional(),
  email: claimName.optional(),
});
const claimsPatch = z.object({
  clientId: clientIdClaim.nullable().optional(),
  groups: claimName.nullable().optional(),
  email: claimName.nullable().optional(),
});

export const registerIdentityProviderSchema = z.object({
  identityProviderId: uuid,
  name,
  issuer: z.url().max(512),
  audiences,
  jwksUrl: z.url().max(1024).optional(),
  algorithms: algorithms.default(['RS256']),
  emailDomains: emailDomains.default([]),
  claims: claims.default({}),
});
export type RegisterIdentityProviderRequest = z.infer<typeof registerIdentityProviderSchema>;

/** Absent = keep, null = clear (RFC 7396). */
export const changeIdentityProviderSchema = z.object({
  identityProviderId: uuid,
  name: name.optional(),
  audiences: audiences.optional(),
  jwksUrl: z.url().max(1024).nullable().optional(),
  algorithms: algorithms.optional(),
  emailDomains: emailDomains.nullable().optional(),
  claims: claimsPatch.nullable().optional(),
  isActive: z.boolean().optional(),
});
export type ChangeIdentityProviderRequest = z.infer<typeof changeIdentityProviderSchema>;

export const removeIdentityProviderSchema = z.object({ identityProviderId: uuid });
