type Bucket = { tokens: number; filledAt: number };

/** Whoever has been quiet longest is forgotten first, with a full bucket waiting. */
const REMEMBERED = 10_000;

/** So many a minute for each of many, and so many at once when there was quiet before. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly perMillisecond: number;

  /** @param now milliseconds, of any beginning */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.perMillisecond = perMinute / 60_000;
  }

  /** Takes one. Milliseconds until there is one again when there is none, else 0. */
  take(key: string): number {
    const filled = this.filled(key);
    const waitMs = this.untilOne(filled);
    this.remember(key, { tokens: waitMs > 0 ? filled : filled - 1, filledAt: this.now() });
    return waitMs;
  }

  /** Milliseconds until there is one to take. */
  waitMs(key: string): number {
    return this.untilOne(this.filled(key));
  }

  private filled(key: string): number {
    const { tokens, filledAt } = this.buckets.get(key) ?? { tokens: this.perMinute, filledAt: this.now() };
    return Math.min(this.perMinute, tokens + (this.now() - filledAt) * this.perMillisecond);
  }

  private untilOne(filled: number): number {
    return filled < 1 ? Math.ceil((1 - filled) / this.perMillisecond) : 0;
  }

  private remember(key: string, bucket: Bucket): void {
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size <= REMEMBERED) return;
    const [quietest] = this.buckets.keys();
    if (quietest !== undefined) this.buckets.delete(quietest);
  }
}
