import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

const MAX_KEYS = 100;
const MIN_RSA_BITS = 2048;

type Key = { keyId: string | undefined; algorithm: string | undefined; keyType: string; key: KeyObject };

/** Which key of a set is meant: the header of a token. */
export type KeyReference = { keyId: string | undefined; algorithm: string };

/** The keys of one issuer that can check signatures (RFC 7517). */
export type KeySet = {
  /** The one key that is meant; undefined when there is none, or more than one. */
  find(reference: KeyReference): KeyObject | undefined;
};

/**
 * Keys of other kinds, for other uses, or that cannot be read are left out (RFC 7517, section 5), as is what comes
 * after the first hundred.
 * @throws when there is no key left
 */
export const keySetIn = (document: unknown): KeySet => {
  const { keys: listed } = (document ?? {}) as { keys?: unknown };
  if (!Array.isArray(listed)) throw new Error('no key set');
  const keys = listed.slice(0, MAX_KEYS).flatMap(usableKey);
  if (keys.length === 0) throw new Error('no usable key in the set');
  return {
    find: ({ keyId, algorithm }) => {
      // a token need not name the key when there is no other (OpenID Connect Core, section 10.1)
      const unnamed = keys.length === 1 ? keys : [];
      const meant = keyId === undefined ? unnamed : keys.filter((key) => key.keyId === keyId);
      const [found, ...others] = meant.filter((key) => fits(key, algorithm));
      return others.length === 0 ? found?.key : undefined;
    },
  };
};

const fits = (key: Key, algorithm: string) =>
  (key.algorithm === undefined || key.algorithm === algorithm) &&
  key.keyType === (algorithm.startsWith('ES') ? 'ec' : 'rsa');

const usableKey = (listed: unknown): Key[] => {
  const { kid, alg, use, key_ops: operations, kty, n, e, crv, x, y } = (listed ?? {}) as JsonWebKey;
  if (kty !== 'RSA' && kty !== 'EC') return [];
  if (use !== undefined && use !== 'sig') return [];
  if (Array.isArray(operations) && !operations.includes('verify')) return [];
  try {
    const publicPart = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
    const key = createPublicKey({ key: publicPart as JsonWebKey, format: 'jwk' });
    const { modulusLength = MIN_RSA_BITS } = key.asymmetricKeyDetails ?? {};
    if (modulusLength < MIN_RSA_BITS) return [];
    return [{ keyId: textOf(kid), algorithm: textOf(alg), keyType: String(key.asymmetricKeyType), key }];
  } catch {
    return [];
  }
};

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
