import type { KeyObject } from 'node:crypto';
import { Problem } from '#libs/contracts';
import { fetchJson } from './fetch-json.js';
import { type KeyReference, type KeySet, keySetIn } from './key-set.js';
import type { NetworkAccess } from './network-access.js';

/** Keys older than this are fetched again, behind the caller's back. */
const FRESH_FOR_MS = 10 * 60_000;
/** Through an outage no key is served longer than this: its issuer may have taken it back. */
const GOOD_FOR_MS = 24 * 60 * 60_000;
/** Unknown key ids cause one fetch in this time at most. */
const FLOOR_MS = 30_000;
/** The same while no key is known at all: nobody can be let in until then. */
const FLOOR_WITHOUT_KEYS_MS = 5_000;
/** Discovery and keys together. */
const FETCH_TIMEOUT_MS = 5_000;

export type SigningKeysOptions = {
  issuer: string;
  /** Discovered from the issuer when absent. */
  jwksUrl: string | undefined;
  access: NetworkAccess;
  /** Milliseconds since 1970. */
  now?: (() => number) | undefined;
};

/**
 * The public keys of one issuer. Known keys are served from memory, also through a day's outage of the issuer; an unknown
 * key id causes a fetch that all who wait for it share.
 */
export class SigningKeys {
  private keys: KeySet | undefined;
  private discoveredUrl: string | undefined;
  private fetchedAt = Number.NEGATIVE_INFINITY;
  private triedAt = Number.NEGATIVE_INFINITY;
  /** Of the last attempt, when it failed. */
  private failure: Problem | undefined;
  private underWay: Promise<void> | undefined;
  private readonly now: () => number;

  constructor(private readonly options: SigningKeysOptions) {
    this.now = options.now ?? Date.now;
  }

  /** @throws Problem `token-invalid` when the issuer has no such key, `identity-provider-unavailable` */
  async keyFor(reference: KeyReference): Promise<KeyObject> {
    const known = this.find(reference);
    if (known) {
      if (this.ageMs() > FRESH_FOR_MS) void this.refresh();
      return known;
    }
    await this.refresh();
    const key = this.find(reference);
    if (key) return key;
    if (this.failure) throw this.failure;
    throw new Problem(
      'token-invalid',
      reference.keyId === undefined
        ? "The token does not say which of its issuer's keys signed it (header kid)."
        : 'The token is signed with a key its issuer does not publish. Get a new token.',
    );
  }

  private find(reference: KeyReference): KeyObject | undefined {
    return this.ageMs() > GOOD_FOR_MS ? undefined : this.keys?.find(reference);
  }

  private ageMs(): number {
    return this.now() - this.fetchedAt;
  }

  /** Never fails; `failure` tells. */
  private refresh(): Promise<void> {
    const floor = this.keys === undefined ? FLOOR_WITHOUT_KEYS_MS : FLOOR_MS;
    if (this.underWay === undefined && this.now() - this.triedAt >= floor) {
      this.underWay = this.fetch().finally(() => {
        this.underWay = undefined;
      });
    }
    return this.underWay ?? Promise.resolve();
  }

  private async fetch(): Promise<void> {
    this.triedAt = this.now();
    const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const { access, jwksUrl } = this.options;
    try {
      this.discoveredUrl ??= jwksUrl ?? (await this.discover(signal));
      this.keys = keySetIn(await fetchJson(this.discoveredUrl, access, signal));
      this.fetchedAt = this.now();
      this.failure = undefined;
    } catch (cause) {
      // keys may have moved
      this.discoveredUrl = undefined;
      this.failure = new Problem(
        'identity-provider-unavailable',
        "The issuer's keys cannot be fetched just now. Try again in a few seconds.",
        { retryAfterSeconds: 5, cause },
      );
    }
  }

  /** OpenID Connect Discovery 1.0, section 4. */
  private async discover(signal: AbortSignal): Promise<string> {
    const { issuer, access } = this.options;
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const discovered = ((await fetchJson(address, access, signal)) ?? {}) as Record<string, unknown>;
    const { jwks_uri: jwksUrl } = discovered;
    if (discovered.issuer !== issuer) throw new Error('discovery speaks for another issuer');
    if (typeof jwksUrl !== 'string') throw new Error('discovery names no jwks_uri');
    if (!jwksUrl.startsWith('https:') && issuer.startsWith('https:')) {
      throw new Error('discovery leads from https to something else');
    }
    return jwksUrl;
  }
}
