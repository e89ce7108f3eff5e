import { constants, createPublicKey, type JsonWebKey, verify } from 'node:crypto';

/** A runner's assertion may live this long and not a second more. */
const longestLifeSeconds = 300;

export interface ClientAssertion {
  clientId: string;
  jti: string;
  /** Seconds since 1970. */
  exp: number;
  nbf: number;
}

/** A refusal of the token endpoint; the text is its `error_description`. */
export class InvalidClient extends Error {}

interface Expected {
  audience: string;
  nowSeconds: number;
  /** Public half of the key GitHub has on file for a client. */
  publicKeyOf: (clientId: string) => JsonWebKey | undefined;
}

/**
 * Checks the JWT a runner signs with its private key: PS256 when its configuration requires FIPS
 * cryptography, else RS256.
 * @throws InvalidClient
 */
export function verifyClientAssertion(assertion: string, expected: Expected): ClientAssertion {
  const [header = '', payload = '', signature = ''] = assertion.split('.');
  const { alg } = decoded(header);
  const { iss, sub, aud, jti, nbf, exp } = decoded(payload);
  const clientId = String(sub);
  const publicKey = expected.publicKeyOf(clientId);
  if (!publicKey) throw new InvalidClient(`Registration ${clientId} was not found.`);
  const padding = paddings.get(String(alg));
  if (padding === undefined) throw new InvalidClient(`The algorithm ${alg} is not supported.`);
  const key = { key: createPublicKey({ key: publicKey, format: 'jwk' }), padding, saltLength: 32 };
  if (!verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))) {
    throw new InvalidClient('The signature of the client assertion is not valid.');
  }
  if (iss !== sub) throw new InvalidClient('Issuer and subject of the client assertion differ.');
  if (aud !== expected.audience) throw new InvalidClient('The audience of the client assertion is wrong.');
  if (typeof jti !== 'string') throw new InvalidClient('The client assertion has no jti.');
  if (typeof nbf !== 'number' || typeof exp !== 'number' || exp - nbf > longestLifeSeconds) {
    throw new InvalidClient('The client assertion lives longer than five minutes.');
  }
  if (exp <= expected.nowSeconds || nbf > expected.nowSeconds + longestLifeSeconds) {
    const serverTime = new Date(expected.nowSeconds * 1000).toISOString();
    throw new InvalidClient(`The client assertion is not valid now. Current server time is ${serverTime}.`);
  }
  return { clientId, jti, exp, nbf };
}

const paddings = new Map([
  ['RS256', constants.RSA_PKCS1_PADDING],
  ['PS256', constants.RSA_PKCS1_PSS_PADDING],
]);

function decoded(part: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) };
  } catch {
    throw new InvalidClient('The client assertion could not be decoded.');
  }
}
