import type { Clock } from '../clock.js';
import type { Caller } from './caller.js';
import { GitHubError } from './github-error.js';

interface Window {
  used: number;
  /** Seconds since 1970. */
  reset: number;
}

export interface RateLimitPolicy {
  enabled: boolean;
  limit: number;
  registration_limit: number;
  window_seconds: number;
  status: 403 | 429;
}

/** What is counted together. `config.sh` has a budget of its own. */
export type RateLimitResource = 'core' | 'actions_runner_registration';

export interface RateLimitStanding {
  limit: number;
  used: number;
  remaining: number;
  /** Seconds since 1970. */
  reset: number;
}

/** Calls an hour of an address that does not sign in; shown, never enforced here. */
const limitOfNobody = 60;

/** GitHub's primary rate limit: a fixed window per caller and resource that starts with its first request. */
export class RateLimit {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly clock: Clock,
    private readonly policy: () => RateLimitPolicy,
    private readonly installationId: number,
  ) {}

  /** @throws GitHubError 403 or 429 when the window is used up */
  use(caller: Caller['kind'], resource: RateLimitResource): void {
    const { enabled, status } = this.policy();
    if (!enabled) return;
    const window = this.window(caller, resource);
    if (window.used >= this.limitOf(caller, resource)) {
      throw new GitHubError(status, `API rate limit exceeded for installation ID ${this.installationId}.`, {
        documentationUrl: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
      });
    }
    window.used += 1;
  }

  /** A conditional request answered with 304 costs nothing. */
  refund(caller: Caller['kind'], resource: RateLimitResource): void {
    const window = this.window(caller, resource);
    window.used = Math.max(0, window.used - 1);
  }

  standing(caller: Caller['kind'], resource: RateLimitResource): RateLimitStanding {
    const limit = this.limitOf(caller, resource);
    const { used, reset } = this.window(caller, resource);
    return { limit, used, remaining: Math.max(0, limit - used), reset };
  }

  headers(caller: Caller['kind'], resource: RateLimitResource): Record<string, string> {
    if (!this.policy().enabled) return {};
    const { limit, used, remaining, reset } = this.standing(caller, resource);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': resource,
    };
  }

  private limitOf(caller: Caller['kind'], resource: RateLimitResource): number {
    const { limit, registration_limit } = this.policy();
    if (caller === 'nobody') return Math.min(limitOfNobody, limit);
    return resource === 'core' ? limit : registration_limit;
  }

  private window(caller: Caller['kind'], resource: RateLimitResource): Window {
    const now = this.clock.seconds();
    const key = resource === 'core' ? caller : resource;
    const { window_seconds } = this.policy();
    const open = this.windows.get(key);
    // A window longer than windows are now is one of before: a change takes effect at once.
    if (open && open.reset > now && open.reset <= now + window_seconds) return open;
    const fresh = { used: 0, reset: now + window_seconds };
    this.windows.set(key, fresh);
    return fresh;
  }
}
