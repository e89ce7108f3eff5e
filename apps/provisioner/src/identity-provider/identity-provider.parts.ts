import { ChangeIdentityProviderHandler } from './change-identity-provider.handler.js';
import { GetIdentityProviderHandler } from './get-identity-provider.query.js';
import { IdentityProviders } from './identity-providers.js';
import { ListIdentityProvidersHandler } from './list-identity-providers.query.js';
import { RegisterIdentityProviderHandler } from './register-identity-provider.handler.js';
import { RemoveIdentityProviderHandler } from './remove-identity-provider.handler.js';
import { TrustedIssuersHandler } from './trusted-issuers.query.js';

export const identityProviderParts = [
  IdentityProviders,
  RegisterIdentityProviderHandler,
  ChangeIdentityProviderHandler,
  RemoveIdentityProviderHandler,
  GetIdentityProviderHandler,
  ListIdentityProvidersHandler,
  TrustedIssuersHandler,
];
