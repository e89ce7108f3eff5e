import { Problem, type ProblemCode } from '#libs/contracts';
import type { GithubRefusal, GithubRefusalReason } from './github-refusal.js';

const codes: Record<GithubRefusalReason, ProblemCode> = {
  'name-taken': 'runner-name-taken',
  'runner-group-unknown': 'runner-group-unknown',
  'not-found': 'github-refused',
  unauthorized: 'github-refused',
  forbidden: 'github-refused',
  invalid: 'github-refused',
  unexpected: 'github-refused',
  'rate-limited': 'github-rate-limited',
  'budget-reserved': 'github-rate-limited',
  unavailable: 'github-unavailable',
  timeout: 'github-timeout',
};

/** The problem a caller is told when GitHub refused. */
export const problemOf = (refusal: GithubRefusal): Problem =>
  new Problem(codes[refusal.reason], refusal.message, {
    ...(refusal.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: refusal.retryAfterSeconds }),
    cause: refusal,
  });
