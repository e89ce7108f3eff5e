import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';

export interface HookConfig {
  url: string;
  content_type: 'json' | 'form';
  secret: string;
  insecure_ssl: '0' | '1';
}

interface Stored {
  config: HookConfig;
  /** What the simulator was last started with: a change through the API outlives a restart with the same. */
  startedWith: string;
}

/** Where the App's webhooks go. There is one secret; changing it takes effect at once. */
export class HookConfiguration {
  private readonly documents: Collection<Stored>;
  private stored: Stored;

  constructor(database: Database, start: { url: string | undefined; secret: string | undefined }) {
    this.documents = database.collection('hook-config', () => 'only');
    const startedWith = JSON.stringify(start);
    const before = this.documents.get('only');
    this.stored =
      before?.startedWith === startedWith
        ? before
        : this.documents.put({
            startedWith,
            config: {
              url: start.url ?? '',
              content_type: 'json',
              secret: start.secret ?? '',
              insecure_ssl: '0',
            },
          });
  }

  get current(): HookConfig {
    return this.stored.config;
  }

  change(change: Partial<HookConfig>): void {
    this.stored = this.documents.put({ ...this.stored, config: { ...this.stored.config, ...change } });
  }
}

/** How the API shows it: never with the secret. */
export const toHookConfigObject = ({ url, content_type, secret, insecure_ssl }: HookConfig) => ({
  content_type,
  insecure_ssl,
  ...(secret ? { secret: '********' } : {}),
  url,
});
