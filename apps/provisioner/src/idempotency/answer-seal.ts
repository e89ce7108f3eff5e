import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A caller's idempotency key, with whom it belongs to: another caller's same word is another key. */
export type OwnedKey = { issuer: string; subject: string; key: string };

const words = ({ issuer, subject, key }: OwnedKey) => JSON.stringify([issuer, subject, key]);

/** Names the key without telling it. Hex. */
export const keySha256 = (owned: OwnedKey): string => createHash('sha256').update(words(owned)).digest('hex');

/**
 * Seals an answer (AES-256-GCM) under a key made by HKDF from the server's secret and the caller's key: neither the
 * table alone nor the table with the server's secret opens it.
 */
export class AnswerSeal {
  constructor(private readonly serverSecret: string) {}

  seal(owned: OwnedKey, runnerId: string, answer: unknown): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.keyFor(owned), nonce);
    cipher.setAAD(Buffer.from(runnerId));
    const text = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
  }

  /** Undefined when it was sealed under another secret, for another key or for another runner. */
  open(owned: OwnedKey, runnerId: string, sealed: string): unknown {
    const bytes = Buffer.from(sealed, 'base64');
    try {
      const decipher = createDecipheriv(CIPHER, this.keyFor(owned), bytes.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(runnerId));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]);
      return JSON.parse(text.toString('utf8'));
    } catch {
      return undefined;
    }
  }

  private keyFor(owned: OwnedKey): Buffer {
    return Buffer.from(hkdfSync('sha256', this.serverSecret, 'idempotent answer', words(owned), 32));
  }
}
