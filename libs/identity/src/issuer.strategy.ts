import type { KeyObject } from 'node:crypto';
import { Strategy as JwtStrategy, type VerifiedCallback } from 'passport-jwt';
import { Problem, signingAlgorithms } from '#libs/contracts';
import { callerOf } from './caller-of.js';
import type { SigningKeys } from './signing-keys.js';
import { type Claims, unverifiedToken } from './token-claims.js';
import type { TrustedIssuer } from './trusted-issuer.js';

const LEEWAY_SECONDS = 30;

/** What the strategy is asked about, where passport has a request. */
export type Presented = { token: string };

/** passport-jwt for the tokens of one issuer; leaves a `Caller`. */
export const issuerStrategy = (trusted: TrustedIssuer, keys: SigningKeys): JwtStrategy =>
  new JwtStrategy(
    {
      jwtFromRequest: (presented) => (presented as unknown as Presented).token,
      issuer: trusted.issuer,
      audience: trusted.audiences,
      algorithms: signingAlgorithms.filter((algorithm) => trusted.algorithms.includes(algorithm)),
      jsonWebTokenOptions: { clockTolerance: LEEWAY_SECONDS },
      secretOrKeyProvider: (_presented, token: string, done) => {
        signingKeyOf(token, trusted, keys).then(
          (key) => done(null, key as unknown as string),
          (problem) => done(problem),
        );
      },
    },
    (claims: Claims, done: VerifiedCallback) => {
      const problem = timeProblem(claims);
      if (problem) return done(null, false, problem);
      try {
        return done(null, callerOf(claims, trusted));
      } catch (refusal) {
        return done(null, false, refusal as Problem);
      }
    },
  );

/**
 * Keys are only ever fetched for issuers we trust, and only for algorithms they use; where a token says its keys are
 * (`jku`, `jwk`, `x5u`, `x5c`) is ignored.
 */
const signingKeyOf = async (
  token: string,
  { algorithms }: TrustedIssuer,
  keys: SigningKeys,
): Promise<KeyObject> => {
  const { alg: algorithm, kid: keyId, crit: critical } = unverifiedToken(token).header;
  if (typeof algorithm !== 'string' || !algorithms.includes(algorithm)) {
    throw new Problem('token-invalid', 'The token is signed in a way that is not accepted of its issuer.');
  }
  if (keyId !== undefined && typeof keyId !== 'string') {
    throw new Problem('token-invalid', 'The token does not say which key signed it (header kid).');
  }
  // RFC 7515, section 4.1.11: what must be understood and is not
  if (critical !== undefined) {
    throw new Problem('token-invalid', 'The token demands an extension that is not supported (header crit).');
  }
  return keys.keyFor({ keyId, algorithm });
};

/** What passport-jwt lets pass: tokens without an end, and tokens from the future. */
const timeProblem = ({ exp, iat }: Claims): Problem | undefined => {
  if (typeof exp !== 'number') return new Problem('token-invalid', 'The token has no expiry (claim exp).');
  if (iat === undefined) return undefined;
  return typeof iat === 'number' && iat <= Date.now() / 1000 + LEEWAY_SECONDS
    ? undefined
    : new Problem('token-invalid', 'The token was issued in the future (claim iat). Check the clocks.');
};
