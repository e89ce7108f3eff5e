import { z } from 'zod';
import {
  changeIdentityProviderSchema,
  listIdentityProvidersSchema,
  registerIdentityProviderSchema,
} from '#libs/contracts';
import { pageQuery } from '../http/page.request.js';

const registered = registerIdentityProviderSchema.shape;
const changed = changeIdentityProviderSchema.shape;

const named = registered.claims.unwrap().shape;
/** Which claims of a token mean what. */
const claims = z.strictObject({ client_id: named.clientId, groups: named.groups, email: named.email });
const patched = changed.claims.unwrap().unwrap().shape;
const claimsPatch = z.strictObject({
  client_id: patched.clientId,
  groups: patched.groups,
  email: patched.email,
});

export const registerIdentityProviderRequestSchema = z
  .strictObject({
    name: registered.name,
    issuer: registered.issuer,
    audiences: registered.audiences,
    jwks_url: registered.jwksUrl.describe('Left out: discovered from the issuer'),
    algorithms: registered.algorithms,
    email_domains: registered.emailDomains.describe('The issuer may name users by e-mails of these domains'),
    claims: claims.default({}),
  })
  .meta({
    example: {
      name: 'GitHub Actions',
      issuer: 'https://token.actions.githubusercontent.com',
      audiences: ['runner-token-service'],
      claims: { client_id: 'sub' },
    },
  });
export type RegisterIdentityProviderRequest = z.infer<typeof registerIdentityProviderRequestSchema>;

/** JSON merge patch: absent = keep, null = clear. The issuer is what the provider is: it stays. */
export const changeIdentityProviderRequestSchema = z
  .strictObject({
    name: changed.name,
    audiences: changed.audiences,
    jwks_url: changed.jwksUrl,
    algorithms: changed.algorithms,
    email_domains: changed.emailDomains,
    claims: claimsPatch.nullable().optional(),
    is_active: changed.isActive,
  })
  .meta({ example: { jwks_url: null, is_active: false } });
export type ChangeIdentityProviderRequest = z.infer<typeof changeIdentityProviderRequestSchema>;

export const listIdentityProvidersQuerySchema = z.strictObject({
  ...pageQuery,
  sort: listIdentityProvidersSchema.shape.sort,
});
export type ListIdentityProvidersQuery = z.infer<typeof listIdentityProvidersQuerySchema>;
