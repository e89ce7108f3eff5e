export { bearerProblem } from './bearer-problem.js';
export { oidcStrategy, type TrustedIssuer } from './oidc.strategy.js';
export { SigningKeys, type SigningKeysOptions } from './signing-keys.js';
