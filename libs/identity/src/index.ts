export type { NetworkAccess } from './network-access.js';
export { boundedClaims } from './token-claims.js';
export {
  bearerTokenOf,
  TokenVerifier,
  type TokenVerifierOptions,
  type Verification,
} from './token-verifier.js';
export type { TrustedIssuer } from './trusted-issuer.js';
