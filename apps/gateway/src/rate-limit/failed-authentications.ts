import { createHash } from 'node:crypto';
import { Problem } from '#libs/contracts';
import { TokenBuckets } from './token-buckets.js';

/** Far more than a fleet whose tokens have all expired causes, and little work. */
const FAILURES_A_MINUTE = 600;
const TOKENS_REMEMBERED = 10_000;

/**
 * Addresses that bring nothing but tokens that are not valid: from those no token is looked at for a while unless it
 * has been good before, so that checking signatures is not what a flood can keep us busy with. Only failures count:
 * many callers may share one address, and those at work with their tokens go on.
 */
export class FailedAuthentications {
  private readonly failures: TokenBuckets;
  private readonly goodTokens = new Set<string>();

  /** @param now milliseconds, of any beginning */
  constructor(now?: () => number) {
    this.failures = new TokenBuckets(FAILURES_A_MINUTE, now);
  }

  /** Before a token is looked at; a problem when it is not worth it. */
  problemFor(ip: string, token: string): Problem | undefined {
    const waitMs = this.failures.waitMs(ip);
    if (waitMs === 0 || this.goodTokens.has(digestOf(token))) return undefined;
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    return new Problem(
      'rate-limited',
      `Too many tokens from your address were not valid. Go on in ${retryAfterSeconds} s.`,
      { retryAfterSeconds },
    );
  }

  failed(ip: string): void {
    this.failures.take(ip);
  }

  succeeded(token: string): void {
    const digest = digestOf(token);
    // the one that has been quiet longest is forgotten first
    this.goodTokens.delete(digest);
    this.goodTokens.add(digest);
    if (this.goodTokens.size <= TOKENS_REMEMBERED) return;
    const [quietest] = this.goodTokens;
    if (quietest !== undefined) this.goodTokens.delete(quietest);
  }
}

const digestOf = (token: string) => createHash('sha256').update(token).digest('base64');
