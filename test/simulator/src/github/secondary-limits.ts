import type { Clock } from '../clock.js';
import { GitHubError } from './github-error.js';
import type { GitHubRoute } from './github-route.js';

export interface SecondaryLimitPolicy {
  enabled: boolean;
  /** Requests at the same time. */
  concurrent_requests: number;
  /** For each operation: a GET costs 1, anything else 5. */
  points_per_minute: number;
  /** Operations that count as creating content; GitHub does not say which do. */
  content_operations: string[];
  content_per_minute: number;
  content_per_hour: number;
  /** New runner records of the organisation, however they come about. */
  registrations_per_5_minutes: number;
  retry_after_seconds: number;
  status: 403 | 429;
}

interface Rule {
  key: string;
  cost: number;
  limit: number;
  windowMs: number;
}

const minuteMs = 60_000;

const registrations = new Set(['actions/generate-runner-jitconfig-for-org', 'runners/register']);

/**
 * GitHub's limits against bursts. No header tells of them before they strike; then nothing is answered until
 * `retry-after` is over, except that too many requests at once only refuse those above the number.
 */
export class SecondaryLimits {
  private readonly spent = new Map<string, { at: number; cost: number }[]>();
  private inFlight = 0;
  private closedUntil = 0;

  constructor(
    private readonly clock: Clock,
    private readonly policy: () => SecondaryLimitPolicy,
  ) {}

  /** A request has come; the answer must be called when it has gone. */
  begin(): () => void {
    this.inFlight += 1;
    return () => {
      this.inFlight -= 1;
    };
  }

  /** @throws GitHubError 403 or 429 with `retry-after` */
  use(route: GitHubRoute): void {
    const policy = this.policy();
    if (!policy.enabled) return;
    const now = this.clock.ms();
    if (now < this.closedUntil) throw refused(policy, Math.ceil((this.closedUntil - now) / 1000));
    if (this.inFlight > policy.concurrent_requests) throw refused(policy, policy.retry_after_seconds);
    const rules = rulesFor(route, policy);
    if (rules.some((rule) => this.sumOf(rule, now) + rule.cost > rule.limit)) {
      this.closedUntil = now + policy.retry_after_seconds * 1000;
      throw refused(policy, policy.retry_after_seconds);
    }
    for (const { key, cost } of rules) this.spent.get(key)?.push({ at: now, cost });
  }

  /** What was spent within the window; forgets what is older. */
  private sumOf({ key, windowMs }: Rule, now: number): number {
    const recent = (this.spent.get(key) ?? []).filter(({ at }) => at > now - windowMs);
    this.spent.set(key, recent);
    return recent.reduce((sum, { cost }) => sum + cost, 0);
  }
}

function rulesFor({ method, operation }: GitHubRoute, policy: SecondaryLimitPolicy): Rule[] {
  const rules: Rule[] = [
    {
      key: `points ${operation}`,
      cost: method === 'GET' ? 1 : 5,
      limit: policy.points_per_minute,
      windowMs: minuteMs,
    },
  ];
  if (policy.content_operations.includes(operation)) {
    rules.push(
      { key: 'content, minute', cost: 1, limit: policy.content_per_minute, windowMs: minuteMs },
      { key: 'content, hour', cost: 1, limit: policy.content_per_hour, windowMs: 60 * minuteMs },
    );
  }
  if (registrations.has(operation)) {
    const limit = policy.registrations_per_5_minutes;
    rules.push({ key: 'registrations', cost: 1, limit, windowMs: 5 * minuteMs });
  }
  return rules;
}

/** What a secondary limit answers, also when a test orders it. */
export const secondaryLimitReached = (status: 403 | 429, retryAfterSeconds: number): GitHubError =>
  new GitHubError(
    status,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    {
      documentationUrl:
        'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
      // Not always there: a caller then has to wait for at least a minute.
      ...(retryAfterSeconds > 0 ? { headers: { 'retry-after': String(retryAfterSeconds) } } : {}),
    },
  );

const refused = ({ status }: SecondaryLimitPolicy, seconds: number) => secondaryLimitReached(status, seconds);
