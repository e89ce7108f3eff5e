import { ExtractJwt, Strategy as JwtStrategy, type VerifiedCallback } from 'passport-jwt';
import { type Caller, callerSchema, Problem } from '#libs/contracts';
import type { SigningKeys } from './signing-keys.js';

/** Asymmetric ones only: with a shared secret the public key would be the secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const;
const LEEWAY_SECONDS = 30;
/** Nothing a name is made of, and not storable everywhere. */
const CONTROL = /\p{Cc}/u;

export type TrustedIssuer = { issuer: string; audience: string; keys: SigningKeys };

type Claims = {
  iss: string;
  sub?: unknown;
  exp?: unknown;
  iat?: unknown;
  email?: unknown;
  email_verified?: unknown;
};

/** passport-jwt for one trusted issuer; leaves a `Caller`. */
export const oidcStrategy = ({ issuer, audience, keys }: TrustedIssuer): JwtStrategy =>
  new JwtStrategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      issuer,
      audience,
      algorithms: [...ALGORITHMS],
      jsonWebTokenOptions: { clockTolerance: LEEWAY_SECONDS },
      secretOrKeyProvider: (_request, token: string, done) => {
        signingKeyOf(token, issuer, keys).then(
          (key) => done(null, key as unknown as string),
          (problem) => done(problem),
        );
      },
    },
    (claims: Claims, done: VerifiedCallback) => {
      try {
        done(null, callerOf(claims));
      } catch (problem) {
        done(problem, false);
      }
    },
  );

/** Keys are only ever fetched for the issuer we trust; where a token says its keys are (`jku`, `x5u`) is ignored. */
const signingKeyOf = async (token: string, issuer: string, keys: SigningKeys) => {
  const [header, payload] = token.split('.').map(decodePart);
  if (payload?.iss !== issuer) {
    throw new Problem('issuer-untrusted', 'The token was issued by somebody this service does not trust.');
  }
  if (typeof header?.kid !== 'string') {
    throw new Problem('token-invalid', 'The token does not say which key signed it (header kid).');
  }
  return keys.keyFor(header.kid);
};

const decodePart = (part: string): Record<string, unknown> => {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof decoded === 'object' && decoded !== null ? (decoded as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const callerOf = ({ iss, sub, exp, iat, email, email_verified: emailVerified }: Claims): Caller => {
  if (typeof exp !== 'number') throw new Problem('token-invalid', 'The token has no expiry (claim exp).');
  if (typeof iat === 'number' && iat > Date.now() / 1000 + LEEWAY_SECONDS) {
    throw new Problem('token-invalid', 'The token was issued in the future (claim iat). Check the clocks.');
  }
  const caller = callerSchema.safeParse({
    issuer: iss,
    subject: sub,
    ...(typeof email === 'string' ? { email: email.toLowerCase() } : {}),
    emailVerified: emailVerified === true,
  });
  if (!caller.success || CONTROL.test(`${caller.data.subject}${caller.data.email ?? ''}`))
    throw new Problem('token-invalid', 'The token names no subject (claim sub).');
  return caller.data;
};
