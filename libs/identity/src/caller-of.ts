import { type Caller, callerSchema, Problem } from '#libs/contracts';
import { boundedClaims, type Claims } from './token-claims.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/** Nothing a name is made of, and not storable everywhere. */
const CONTROL = /\p{Cc}|\p{Cs}/u;
const MAX_NAME = 1024;

/**
 * Who a verified token stands for, in its issuer's words.
 * @throws Problem `token-invalid`
 */
export const callerOf = (claims: Claims, { issuer, claims: named }: TrustedIssuer): Caller => {
  const subject = nameIn(claims.sub);
  if (subject === undefined) {
    throw new Problem('token-invalid', 'The token names no subject (claim sub).');
  }
  const email = nameIn(claims[named.email ?? 'email'])?.toLowerCase();
  // some issuers write the id of a client that acts by itself as `<id>@clients`
  const clientId = nameIn(claims[named.clientId ?? 'sub'])?.replace(/@clients$/, '');
  return callerSchema.parse({
    issuer,
    subject,
    emailVerified: claims.email_verified === true,
    claims: boundedClaims(claims),
    ...(email === undefined ? {} : { email }),
    ...(clientId ? { clientId } : {}),
  });
};

const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= MAX_NAME && !CONTROL.test(value)
    ? value
    : undefined;
