import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';

/**
 * What the browser keeps for us, unreadable and unchangeable to it: a JWE (RFC 7516, `dir` with A256GCM) under a key
 * made from SERVER_SECRET, so that every replica can open it. `purpose` keeps one kind from standing in for another.
 */
export class SealedTokens {
  constructor(private readonly serverSecret: string) {}

  seal(purpose: string, payload: Record<string, unknown>, lifetimeSeconds: number): Promise<string> {
    return new EncryptJWT(payload)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(purpose)
      .setExpirationTime(Math.floor(Date.now() / 1000) + lifetimeSeconds)
      .encrypt(this.key(purpose));
  }

  /** `undefined` for whatever is not ours, not for this purpose, or too old. */
  async open(purpose: string, token: string | undefined): Promise<Record<string, unknown> | undefined> {
    if (token === undefined) return undefined;
    try {
      const { payload } = await jwtDecrypt(token, this.key(purpose), { audience: purpose });
      return payload;
    } catch {
      return undefined;
    }
  }

  private key(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.serverSecret, '', `rts/${purpose}`, 32));
  }
}
