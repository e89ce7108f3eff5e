import type { Clock } from '../clock.js';
import { GitHubError } from './github-error.js';

interface Window {
  used: number;
  /** Seconds since 1970. */
  reset: number;
}

export interface RateLimitPolicy {
  enabled: boolean;
  limit: number;
  window_seconds: number;
}

export interface RateLimitStanding {
  limit: number;
  used: number;
  remaining: number;
  /** Seconds since 1970. */
  reset: number;
}

/** GitHub's primary rate limit: a fixed window per caller that starts with its first request. */
export class RateLimit {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly clock: Clock,
    private readonly policy: () => RateLimitPolicy,
    private readonly installationId: number,
  ) {}

  /** @throws GitHubError 403 when the window is used up */
  use(caller: string): void {
    const { enabled, limit } = this.policy();
    if (!enabled) return;
    const window = this.window(caller);
    if (window.used >= limit) {
      throw new GitHubError(403, `API rate limit exceeded for installation ID ${this.installationId}.`, {
        documentationUrl: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
      });
    }
    window.used += 1;
  }

  /** A conditional request answered with 304 costs nothing. */
  refund(caller: string): void {
    const window = this.window(caller);
    window.used = Math.max(0, window.used - 1);
  }

  standing(caller: string): RateLimitStanding {
    const { limit } = this.policy();
    const { used, reset } = this.window(caller);
    return { limit, used, remaining: Math.max(0, limit - used), reset };
  }

  headers(caller: string): Record<string, string> {
    if (!this.policy().enabled) return {};
    const { limit, used, remaining, reset } = this.standing(caller);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': 'core',
    };
  }

  private window(caller: string): Window {
    const now = this.clock.seconds();
    const open = this.windows.get(caller);
    if (open && open.reset > now) return open;
    const fresh = { used: 0, reset: now + this.policy().window_seconds };
    this.windows.set(caller, fresh);
    return fresh;
  }
}
