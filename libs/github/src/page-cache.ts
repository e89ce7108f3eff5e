/**
 * Keeps the pages of listings with their ETags, so that a page that has not changed costs nothing. May lose
 * anything at any time; may be shared and outlive the process.
 */
export interface PageCache {
  get(url: string): Promise<CachedPage | undefined> | CachedPage | undefined;
  set(url: string, page: CachedPage): Promise<void> | void;
}

export type CachedPage = {
  /** As GitHub wrote it, `W/"…"` included. */
  etag: string;
  /** Opaque to the cache; up to about 50 KB. */
  body: string;
};

export class InMemoryPageCache implements PageCache {
  private readonly pages = new Map<string, CachedPage>();

  get(url: string): CachedPage | undefined {
    return this.pages.get(url);
  }

  set(url: string, page: CachedPage): void {
    this.pages.set(url, page);
  }
}
