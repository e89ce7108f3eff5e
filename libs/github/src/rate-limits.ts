import type { CallPriority, RateBudget } from './github.port.js';
import { answeredAt, explanationIn, type GithubAnswer, headerOf, numberIn } from './github-answer.js';
import type { GithubRefusal } from './github-refusal.js';
import { refusals } from './refusals.js';

/** Polling gives way below this part of the hourly budget. */
const reservedPart = 0.3;
/** GitHub's advice when a secondary limit names no time: a minute, and longer each time in a row. */
const firstPauseSeconds = 60;
const longestPauseSeconds = 15 * 60;

/**
 * What GitHub has said about its limits, learnt from the headers of every answer, and whether it may be asked now.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export class RateLimits {
  /** `resetEpoch` is GitHub's number for the window, `resetAt` the same by our clock (milliseconds since 1970). */
  private window:
    | { limit: number; remaining: number; resetEpoch: number; resetAt: number; seenAt: number }
    | undefined;
  private pausedUntil = 0;
  private nextPauseSeconds = firstPauseSeconds;

  constructor(private readonly now: () => number) {}

  budget(): RateBudget | 'unknown' {
    const window = this.currentWindow();
    if (!window) return 'unknown';
    const { limit, remaining, resetAt, seenAt } = window;
    return { limit, remaining, resetAt: new Date(resetAt), seenAt: new Date(seenAt) };
  }

  /** The refusal of a call that had better not be sent. */
  refusalOf(priority: CallPriority): GithubRefusal | undefined {
    if (this.now() < this.pausedUntil) return refusals.rateLimited(this.secondsUntil(this.pausedUntil));
    const window = this.currentWindow();
    if (!window) return undefined;
    if (window.remaining === 0) return refusals.rateLimited(this.secondsUntil(window.resetAt));
    if (priority === 'low' && window.remaining < window.limit * reservedPart) {
      return refusals.budgetReserved(this.secondsUntil(window.resetAt));
    }
    return undefined;
  }

  /** Takes the counters from an answer to the installation. */
  learn(answer: GithubAnswer): void {
    // without a valid token the counters are those of nobody: 60 per address
    if (answer.status === 401 || answer.status >= 500) return;
    const limit = numberIn(answer, 'x-ratelimit-limit');
    const remaining = numberIn(answer, 'x-ratelimit-remaining');
    const resetEpoch = numberIn(answer, 'x-ratelimit-reset');
    if (limit === undefined || remaining === undefined || resetEpoch === undefined) return;
    if ((headerOf(answer, 'x-ratelimit-resource') ?? 'core') !== 'core') return;
    const known = this.currentWindow();
    if (known && resetEpoch < known.resetEpoch) return;
    if (known?.resetEpoch === resetEpoch) {
      // answers overtake each other: within one window the lowest counter is the newest
      this.window = { ...known, limit, remaining: Math.min(known.remaining, remaining), seenAt: this.now() };
      return;
    }
    const seenAt = this.now();
    const resetAt = seenAt + resetEpoch * 1000 - answeredAt(answer, seenAt);
    this.window = { limit, remaining, resetEpoch, resetAt, seenAt };
  }

  /** The refusal an answer means, if GitHub said "too much"; nothing is sent until the time it named. */
  pauseAfter(answer: GithubAnswer): GithubRefusal | undefined {
    if (!isRateLimited(answer)) {
      if (answer.status < 400) this.nextPauseSeconds = firstPauseSeconds;
      return undefined;
    }
    const seconds = this.secondsNamedIn(answer) ?? this.growingPause();
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + seconds * 1000);
    return refusals.rateLimited(this.secondsUntil(this.pausedUntil), {
      status: answer.status,
      githubRequestId: headerOf(answer, 'x-github-request-id'),
    });
  }

  private secondsNamedIn(answer: GithubAnswer): number | undefined {
    const asked = numberIn(answer, 'retry-after');
    if (asked !== undefined) return Math.max(1, asked);
    const resetEpoch = numberIn(answer, 'x-ratelimit-reset');
    if (numberIn(answer, 'x-ratelimit-remaining') !== 0 || resetEpoch === undefined) return undefined;
    return Math.max(1, Math.ceil(resetEpoch - answeredAt(answer, this.now()) / 1000));
  }

  private growingPause(): number {
    // many calls are in flight when the limit strikes; together they are one strike
    if (this.now() < this.pausedUntil) return 0;
    const seconds = this.nextPauseSeconds;
    this.nextPauseSeconds = Math.min(seconds * 2, longestPauseSeconds);
    return seconds;
  }

  private currentWindow() {
    return this.window && this.now() < this.window.resetAt ? this.window : undefined;
  }

  private secondsUntil(instant: number): number {
    return Math.max(1, Math.ceil((instant - this.now()) / 1000));
  }
}

/** Limits come as 403 or 429; a 403 may also be a missing permission. */
const isRateLimited = (answer: GithubAnswer): boolean => {
  if (answer.status === 429) return true;
  if (answer.status !== 403) return false;
  return (
    headerOf(answer, 'retry-after') !== undefined ||
    numberIn(answer, 'x-ratelimit-remaining') === 0 ||
    /rate limit/i.test(explanationIn(answer))
  );
};
