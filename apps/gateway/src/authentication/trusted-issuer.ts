import passport from 'passport';
import { oidcStrategy, SigningKeys } from '#libs/identity';
import type { GatewayConfig } from '../gateway.config.js';

/** Makes passport's strategy `jwt` trust the environment's issuer, when there is one. */
export const trustEnvironmentIssuer = ({
  OIDC_ISSUER,
  OIDC_AUDIENCE,
  OIDC_JWKS_URL,
}: GatewayConfig): void => {
  if (!OIDC_ISSUER || !OIDC_AUDIENCE) return;
  const keys = new SigningKeys({ issuer: OIDC_ISSUER, jwksUri: OIDC_JWKS_URL });
  passport.use('jwt', oidcStrategy({ issuer: OIDC_ISSUER, audience: OIDC_AUDIENCE, keys }));
};
