import { type Caller, callerSchema, Problem } from '#libs/contracts';
import { clientIdIn } from './client-id.js';
import { boundedClaims, type Claims, nameIn } from './token-claims.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/**
 * Who a verified token stands for, in its issuer's words.
 * @throws Problem `token-invalid`
 */
export const callerOf = (claims: Claims, { issuer, claims: named }: TrustedIssuer): Caller => {
  const subject = nameIn(claims.sub);
  if (subject === undefined) {
    throw new Problem('token-invalid', 'The token names no subject (claim sub).');
  }
  const email = emailIn(claims, named.email);
  const clientId = clientIdIn(claims, named.clientId);
  return callerSchema.parse({
    issuer,
    subject,
    emailVerified: email !== undefined && isVerified(email, claims, named.email),
    claims: boundedClaims(claims),
    ...(email === undefined ? {} : { email }),
    ...(clientId ? { clientId } : {}),
  });
};

const emailIn = (claims: Claims, claim = 'email') => nameIn(claims[claim])?.toLowerCase();

/** `email_verified` speaks of `email` (OpenID Connect Core, section 5.1); of another claim `<claim>_verified` does. */
const isVerified = (email: string, claims: Claims, claim = 'email'): boolean =>
  claims[`${claim}_verified`] === true || (claims.email_verified === true && emailIn(claims) === email);
