import { describe, expect, it } from '@jest/globals';
import { refusalOfStatus } from './answer-refusal.js';
import { problemOf } from './github-problem.js';
import { refusals } from './refusals.js';

const ofStatus = (status: number, message = '') =>
  refusalOfStatus({ status, headers: {}, data: { message } });

describe('problemOf', () => {
  it.each([
    ['a taken name', refusals.nameTaken('jit-a1'), 'conflict', 'runner-name-taken'],
    ['an unknown runner group', refusals.runnerGroupUnknown(9), 'invalid', 'runner-group-unknown'],
    ['401', ofStatus(401), 'refused-upstream', 'github-refused'],
    ['403', ofStatus(403), 'refused-upstream', 'github-refused'],
    ['404', ofStatus(404), 'refused-upstream', 'github-refused'],
    ['422', ofStatus(422), 'refused-upstream', 'github-refused'],
    ['a redirect', ofStatus(307), 'refused-upstream', 'github-refused'],
    ['5xx', refusals.unavailable({ status: 502 }), 'unavailable', 'github-unavailable'],
    ['silence', refusals.timeout(30, {}), 'timeout', 'github-timeout'],
    ['a rate limit', refusals.rateLimited(7), 'unavailable', 'github-rate-limited'],
    ['a reserved budget', refusals.budgetReserved(7), 'unavailable', 'github-rate-limited'],
  ])('turns %s into its problem', (_case, refusal, kind, code) => {
    expect(problemOf(refusal)).toMatchObject({ kind, code });
  });

  it('says after how many seconds asking again makes sense', () => {
    expect(problemOf(refusals.rateLimited(7)).toData()).toMatchObject({ retryAfterSeconds: 7 });
  });

  it('hands on why GitHub did not take a request, and nothing of other bodies', () => {
    const body = 'Invalid property /labels. See https://docs.github.com/rest';

    expect(problemOf(ofStatus(422, body)).message).toContain('Invalid property /labels');
    expect(problemOf(ofStatus(422, body)).message).not.toContain('https://');
    expect(problemOf(ofStatus(403, 'upstream says no')).message).not.toContain('upstream says no');
  });

  it('tells a caller of an unanswered request to take a new name', () => {
    expect(problemOf(refusals.unavailable({ status: 502, uncertain: true })).message).toBe(
      'GitHub answered with an error (HTTP 502). The runner may exist nevertheless: ask again under a new name.',
    );
    expect(problemOf(refusals.timeout(30, {})).message).toBe(
      'GitHub did not answer within 30 seconds. Nothing was changed; try again later.',
    );
  });
});
