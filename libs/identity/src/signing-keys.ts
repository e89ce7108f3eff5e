import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JwksClient, SigningKey } from 'jwks-rsa';
import { Problem } from '#libs/contracts';

/** Keys older than this are fetched again, behind the caller's back. */
const FRESH_FOR_MS = 10 * 60_000;
/** Unknown key ids cause one fetch in this time at most. */
const FLOOR_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;

export type SigningKeysOptions = {
  issuer: string;
  /** Discovered from the issuer when absent. */
  jwksUri?: string | undefined;
  now?: () => number;
};

/**
 * The public keys of one issuer. Known keys are served from memory, also through an outage of the issuer; an unknown
 * key id causes a fetch that all who wait for it share.
 */
export class SigningKeys {
  private keys = new Map<string, KeyObject>();
  private fetchedAt = Number.NEGATIVE_INFINITY;
  private triedAt = Number.NEGATIVE_INFINITY;
  private underWay: Promise<void> | undefined;
  private client: JwksClient | undefined;
  private readonly now: () => number;

  constructor(private readonly options: SigningKeysOptions) {
    this.now = options.now ?? Date.now;
  }

  /** @throws Problem `token-invalid` when the issuer has no such key, `identity-provider-unavailable` */
  async keyFor(keyId: string): Promise<KeyObject> {
    const known = this.keys.get(keyId);
    if (known) {
      if (this.now() - this.fetchedAt > FRESH_FOR_MS) this.refresh().catch(() => {});
      return known;
    }
    if (this.underWay || this.now() - this.triedAt >= FLOOR_MS || this.keys.size === 0) await this.refresh();
    const key = this.keys.get(keyId);
    if (key) return key;
    throw new Problem(
      'token-invalid',
      'The token is signed with a key its issuer does not publish. Get a new token.',
    );
  }

  /** True once keys have been fetched; says nothing of their age. */
  get known(): boolean {
    return this.keys.size > 0;
  }

  /** Loaded when first needed: an app whose callers bring no tokens does without. */
  private async connect(): Promise<JwksClient> {
    const { JwksClient } = await import('jwks-rsa');
    const jwksUri = this.options.jwksUri ?? (await discoverJwksUri(this.options.issuer));
    return new JwksClient({ jwksUri, cache: false, timeout: FETCH_TIMEOUT_MS });
  }

  private refresh(): Promise<void> {
    this.underWay ??= this.fetch().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async fetch(): Promise<void> {
    this.triedAt = this.now();
    try {
      this.client ??= await this.connect();
      const published = await this.client.getSigningKeys();
      this.keys = new Map(published.map((key: SigningKey) => [key.kid, createPublicKey(key.getPublicKey())]));
      this.fetchedAt = this.now();
    } catch (cause) {
      throw new Problem(
        'identity-provider-unavailable',
        "The issuer's keys cannot be fetched just now. Try again in a few seconds.",
        { retryAfterSeconds: 5, cause },
      );
    }
  }
}

/** OpenID Connect Discovery 1.0, section 4. */
const discoverJwksUri = async (issuer: string): Promise<string> => {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`discovery answered ${response.status}`);
  const discovered = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  const { jwks_uri: jwksUri } = discovered;
  if (discovered.issuer !== issuer) throw new Error('discovery speaks for another issuer');
  if (typeof jwksUri !== 'string') throw new Error('discovery names no jwks_uri');
  if (new URL(jwksUri).protocol !== 'https:' && new URL(issuer).protocol === 'https:') {
    throw new Error('discovery leads from https to something else');
  }
  return jwksUri;
};
