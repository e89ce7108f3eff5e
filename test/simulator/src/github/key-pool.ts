import { generateKeyPair, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';

const generate = promisify(generateKeyPair);

interface StoredKey {
  index: number;
  privateJwk: JsonWebKey;
}

/**
 * RSA-2048 key pairs for JIT runners. Making one costs about 0.2 s of CPU, so a few are made in the
 * background (on the thread pool) and handed out in turn.
 */
export class KeyPool {
  private readonly keys: Collection<StoredKey>;
  private readonly first: Promise<void>;
  private readonly filling: Promise<void>;
  private stopped = false;
  private turn = 0;

  constructor(database: Database, size: number) {
    this.keys = database.collection('runner-key', (key) => key.index);
    this.first = this.keys.size > 0 ? Promise.resolve() : this.make();
    this.filling = this.first.then(() => this.fill(size));
    // A failure is told to whoever asks for a key.
    this.filling.catch(() => undefined);
  }

  async take(): Promise<JsonWebKey> {
    await this.first;
    const key = this.keys.get(this.turn % this.keys.size);
    if (!key) throw new Error('the simulator is stopping');
    this.turn += 1;
    return key.privateJwk;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.filling.catch(() => undefined);
  }

  private async fill(size: number): Promise<void> {
    while (this.keys.size < size && !this.stopped) await this.make();
  }

  private async make(): Promise<void> {
    const { privateKey } = await generate('rsa', { modulusLength: 2048 });
    if (!this.stopped)
      this.keys.put({ index: this.keys.size, privateJwk: privateKey.export({ format: 'jwk' }) });
  }
}
