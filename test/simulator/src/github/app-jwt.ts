import { type KeyObject, verify } from 'node:crypto';
import { GitHubError } from './github-error.js';

/** GitHub accepts no App JWT that lives longer, counted from its own clock. */
const longestLifeSeconds = 600;

const refused = {
  undecodable: 'A JSON web token could not be decoded',
  tooFar: "'Expiration time' claim ('exp') is too far in the future",
  expired:
    "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
  issuedAt:
    "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
};

export interface AppIdentity {
  publicKey: KeyObject;
  /** Accepted `iss`: the App's id and its client id. */
  issuers: readonly string[];
}

/**
 * Checks the RS256 token an App signs for itself.
 * @throws GitHubError 401 in GitHub's words
 */
export function verifyAppJwt(token: string, app: AppIdentity, nowSeconds: number): void {
  const [header, payload, signature] = token.split('.');
  const claims = decoded(payload);
  if (
    decoded(header)?.alg !== 'RS256' ||
    !claims ||
    !app.issuers.includes(String(claims.iss)) ||
    !verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${payload}`),
      app.publicKey,
      Buffer.from(signature ?? '', 'base64url'),
    )
  ) {
    throw unauthorized(refused.undecodable);
  }
  const { exp, iat } = claims;
  if (typeof exp !== 'number' || exp <= nowSeconds) throw unauthorized(refused.expired);
  if (exp > nowSeconds + longestLifeSeconds) throw unauthorized(refused.tooFar);
  if (!Number.isInteger(iat) || Number(iat) > nowSeconds) throw unauthorized(refused.issuedAt);
}

export const looksLikeJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);

export const undecodableJwt = (): GitHubError => unauthorized(refused.undecodable);

const unauthorized = (message: string) =>
  new GitHubError(401, message, { documentationUrl: 'https://docs.github.com/rest' });

function decoded(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
