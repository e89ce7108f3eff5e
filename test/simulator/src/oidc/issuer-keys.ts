import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'jose';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';

const generate = promisify(generateKeyPair);

interface StoredKey {
  index: number;
  privateJwk: JWK;
}

/** How many keys that no longer sign stay published, so that tokens signed with them stay valid. */
const keptAfterRotation = 2;

/** The RS256 keys of the issuer, the signing one first; the same after a restart. */
export class IssuerKeys {
  private readonly keys: Collection<StoredKey>;

  constructor(private readonly database: Database) {
    this.keys = database.collection('issuer-key', (key) => key.index);
  }

  async makeFirst(): Promise<void> {
    if (this.keys.size === 0) await this.rotate();
  }

  /** From now on a new key signs. */
  async rotate(): Promise<void> {
    const { privateKey } = await generate('rsa', { modulusLength: 2048 });
    const jwk = privateKey.export({ format: 'jwk' });
    this.keys.put({
      index: this.database.next('issuer-key'),
      privateJwk: { ...jwk, kid: randomUUID(), alg: 'RS256', use: 'sig' },
    });
    for (const { index } of [...this.keys.values()].slice(0, -1 - keptAfterRotation)) this.keys.delete(index);
  }

  current(): JWK {
    const [newest] = this.newestFirst();
    if (!newest) throw new Error('the issuer has no key yet');
    return newest;
  }

  newestFirst(): JWK[] {
    return [...this.keys.values()].map(({ privateJwk }) => privateJwk).reverse();
  }
}
