import { describe, expect, it } from '@jest/globals';
import type { GithubAnswer } from './github-answer.js';
import { RateLimits } from './rate-limits.js';

const noon = Date.parse('2026-11-21T12:00:00Z');

const arrange = () => {
  const clock = { now: noon };
  return { clock, limits: new RateLimits(() => clock.now) };
};

const answer = (headers: Record<string, string>, status = 200, message = ''): GithubAnswer => ({
  status,
  headers,
  data: { message },
});

/** `resetIn` seconds from noon. */
const counters = (remaining: number, resetIn = 600, limit = 5000) => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(noon / 1000 + resetIn),
  'x-ratelimit-resource': 'core',
});

describe('RateLimits, the hourly budget', () => {
  it('is unknown before the first answer and where the server counts nothing', () => {
    const { limits } = arrange();
    limits.learn(answer({}));

    expect(limits.budget()).toBe('unknown');
    expect(limits.refusalOf('low')).toBeUndefined();
  });

  it('is what the headers say', () => {
    const { limits } = arrange();
    limits.learn(answer(counters(4711)));

    expect(limits.budget()).toEqual({
      limit: 5000,
      remaining: 4711,
      resetAt: new Date(noon + 600_000),
      seenAt: new Date(noon),
    });
  });

  it('is as old as the newest answer that told of it', () => {
    const { limits, clock } = arrange();
    limits.learn(answer(counters(4711)));
    clock.now += 5_000;
    limits.learn(answer(counters(4710)));
    clock.now += 5_000;
    limits.learn(answer(counters(0, 600, 60), 502));

    expect(limits.budget()).toMatchObject({ remaining: 4710, seenAt: new Date(noon + 5_000) });
  });

  it('is measured against the clock GitHub answers with', () => {
    const { limits } = arrange();
    const github = noon + 7_200_000;
    limits.learn(answer({ ...counters(1, 7200 + 600), date: new Date(github).toUTCString() }));

    expect(limits.budget()).toMatchObject({ resetAt: new Date(noon + 600_000) });
  });

  it('does not grow again because answers overtook each other', () => {
    const { limits } = arrange();
    limits.learn(answer(counters(90)));
    limits.learn(answer(counters(91)));

    expect(limits.budget()).toMatchObject({ remaining: 90 });
  });

  it('starts anew with the next window, and is unknown between the two', () => {
    const { limits, clock } = arrange();
    limits.learn(answer(counters(0)));
    clock.now = noon + 600_000;
    expect(limits.budget()).toBe('unknown');
    expect(limits.refusalOf('high')).toBeUndefined();

    limits.learn(answer(counters(4999, 4200)));

    expect(limits.budget()).toMatchObject({ remaining: 4999 });
  });

  it('refuses every call once it is used up, until the reset', () => {
    const { limits } = arrange();
    limits.learn(answer(counters(0)));

    expect(limits.refusalOf('high')).toMatchObject({ reason: 'rate-limited', retryAfterSeconds: 600 });
  });

  it('is kept for high priority below 30 %', () => {
    const { limits } = arrange();
    limits.learn(answer(counters(1500)));
    expect(limits.refusalOf('low')).toBeUndefined();

    limits.learn(answer(counters(1499)));

    expect(limits.refusalOf('low')).toMatchObject({ reason: 'budget-reserved', retryAfterSeconds: 600 });
    expect(limits.refusalOf('high')).toBeUndefined();
  });

  it.each([401, 502])('is not read from a %i, which counts for nobody', (status) => {
    const { limits } = arrange();
    limits.learn(answer(counters(0, 600, 60), status));

    expect(limits.budget()).toBe('unknown');
  });

  it('does not mix in counters of other resources', () => {
    const { limits } = arrange();
    limits.learn(answer({ ...counters(0), 'x-ratelimit-resource': 'actions_runner_registration' }));

    expect(limits.budget()).toBe('unknown');
  });
});

describe('RateLimits, told to wait', () => {
  it.each([
    ['as long as retry-after says', answer({ 'retry-after': '17' }, 403), 17],
    ['also when the status is 429', answer({ 'retry-after': '17' }, 429), 17],
    ['until the reset when the budget is used up', answer(counters(0), 403), 600],
    ['a minute when no time is named', answer({}, 403, 'You have exceeded a secondary rate limit.'), 60],
  ])('refuses every call, %s', (_case, limited, seconds) => {
    const { limits, clock } = arrange();

    expect(limits.pauseAfter(limited)).toMatchObject({
      reason: 'rate-limited',
      uncertain: false,
      retryAfterSeconds: seconds,
    });

    expect(limits.refusalOf('high')).toMatchObject({ reason: 'rate-limited', retryAfterSeconds: seconds });
    clock.now += seconds * 1000;
    expect(limits.refusalOf('high')).toBeUndefined();
  });

  it('waits longer each time in a row, and a minute again after a good answer', () => {
    const { limits, clock } = arrange();
    const strike = () => {
      const seconds = limits.pauseAfter(answer({}, 429))?.retryAfterSeconds ?? 0;
      clock.now += seconds * 1000;
      return seconds;
    };

    expect([strike(), strike(), strike()]).toEqual([60, 120, 240]);
    limits.pauseAfter(answer({}));
    expect(strike()).toBe(60);
  });

  it('takes the answers of calls in flight together as one strike', () => {
    const { limits } = arrange();
    const seconds = () => limits.pauseAfter(answer({}, 429))?.retryAfterSeconds;

    expect([seconds(), seconds(), seconds()]).toEqual([60, 60, 60]);
  });

  it('is not confused by a missing permission', () => {
    const { limits } = arrange();

    expect(
      limits.pauseAfter(answer(counters(42), 403, 'Resource not accessible by integration')),
    ).toBeUndefined();
  });
});
