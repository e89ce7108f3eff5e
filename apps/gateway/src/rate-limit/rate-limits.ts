import { Problem } from '#libs/contracts';
import { TokenBuckets } from './token-buckets.js';

/** Requests a minute; 0 = as many as they like. */
export type RateLimitsOptions = { writesPerMinute: number; readsPerMinute: number };

const READING = ['GET', 'HEAD'];

/** How much one source may ask of this replica. */
export class RateLimits {
  private readonly writes: TokenBuckets | undefined;
  private readonly reads: TokenBuckets | undefined;

  constructor({ writesPerMinute, readsPerMinute }: RateLimitsOptions) {
    this.writes = writesPerMinute > 0 ? new TokenBuckets(writesPerMinute) : undefined;
    this.reads = readsPerMinute > 0 ? new TokenBuckets(readsPerMinute) : undefined;
  }

  /** Counts one request; a problem when it was one too many. */
  problemFor(source: string, method: string): Problem | undefined {
    const isReading = READING.includes(method);
    const waitMs = (isReading ? this.reads : this.writes)?.take(source) ?? 0;
    if (waitMs === 0) return undefined;
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    const kind = isReading ? 'reads' : 'writes';
    const detail = `You have sent too many ${kind} within a minute. Go on in ${retryAfterSeconds} s.`;
    return new Problem('rate-limited', detail, { retryAfterSeconds });
  }
}
