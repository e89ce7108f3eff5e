import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import { randomText } from './random-text.js';

const lifeMs = 3_600_000;

export type RegistrationTokenPurpose = 'registration' | 'remove';

interface StoredToken {
  digest: string;
  purpose: RegistrationTokenPurpose;
  /** Milliseconds since 1970, GitHub's clock. */
  expiresAt: number;
}

/** What `config.sh --token` takes: valid for one hour, for as many runners as one likes. */
export class RegistrationTokens {
  private readonly tokens: Collection<StoredToken>;

  constructor(
    database: Database,
    private readonly clock: Clock,
  ) {
    this.tokens = database.collection('registration-token', (token) => token.digest);
  }

  /** `expires_at` carries milliseconds and an offset instead of `Z`, unlike every other time of GitHub. */
  mint(purpose: RegistrationTokenPurpose): { token: string; expires_at: string } {
    const token = randomText(29, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
    const expiresAt = this.clock.ms() + lifeMs;
    this.forgetExpired();
    this.tokens.put({ digest: digestOf(token), purpose, expiresAt });
    return { token, expires_at: new Date(expiresAt).toISOString().replace('Z', '+00:00') };
  }

  find(token: string): RegistrationTokenPurpose | undefined {
    const stored = this.tokens.get(digestOf(token));
    return stored && stored.expiresAt > this.clock.ms() ? stored.purpose : undefined;
  }

  private forgetExpired(): void {
    for (const token of this.tokens.values()) {
      if (token.expiresAt <= this.clock.ms()) this.tokens.delete(token.digest);
    }
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');
