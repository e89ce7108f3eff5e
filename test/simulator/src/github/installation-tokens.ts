import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type Clock, toSecondsIso } from '../clock.js';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import type { Permissions } from './permissions.js';
import { randomText } from './random-text.js';

const lifeMs = 3_600_000;

interface StoredToken {
  /** SHA-256 of the token; the token itself is not kept. */
  digest: string;
  /** Milliseconds since 1970, GitHub's clock. */
  expiresAt: number;
  permissions: Permissions;
}

export type TokenFormat = 'classic' | 'stateless';

/** Installation access tokens: opaque, valid for one hour. */
export class InstallationTokens {
  private readonly tokens: Collection<StoredToken>;

  constructor(
    database: Database,
    private readonly clock: Clock,
    private readonly installation: { appId: number; id: number },
  ) {
    this.tokens = database.collection('installation-token', (token) => token.digest);
  }

  mint(permissions: Permissions, format: TokenFormat): { token: string; expires_at: string } {
    const token = format === 'stateless' ? this.stateless(permissions) : `ghs_${randomText(36)}`;
    const expiresAt = this.clock.ms() + lifeMs;
    this.forgetExpired();
    this.tokens.put({ digest: digestOf(token), expiresAt, permissions });
    return { token, expires_at: toSecondsIso(expiresAt) };
  }

  /** The permissions of a valid token. */
  find(token: string): Permissions | undefined {
    const stored = this.tokens.get(digestOf(token));
    return stored && stored.expiresAt > this.clock.ms() ? stored.permissions : undefined;
  }

  revoke(token: string): void {
    this.tokens.delete(digestOf(token));
  }

  /** The form rolled out since April 2026; nobody but GitHub can check it, so its key need not last. */
  private stateless(permissions: Permissions): string {
    const { appId, id } = this.installation;
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({
      installation_id: id,
      permissions,
      jti: randomText(120),
      exp: this.clock.seconds() + lifeMs / 1000,
    })}`;
    const signature = createHmac('sha512', randomBytes(64)).update(signed).digest('base64url');
    return `ghs_${appId}_${signed}.${signature}`;
  }

  private forgetExpired(): void {
    for (const token of this.tokens.values()) {
      if (token.expiresAt <= this.clock.ms()) this.tokens.delete(token.digest);
    }
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');
