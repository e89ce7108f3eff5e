/**
 * Why there is no answer:
 * - `name-taken` 409: a runner of this name is registered already
 * - `runner-group-unknown` 404, and the runner group was looked for and not found
 * - `not-found` 404: the organisation or the installation is not there for this App
 * - `unauthorized` 401: the App's credentials are not accepted
 * - `forbidden` 403: a permission is missing, the installation is suspended, or the thing may not be changed
 * - `invalid` 422: GitHub does not like the request; `githubMessage` says why
 * - `unexpected` any other status below 500
 * - `rate-limited` GitHub's hourly budget is used up, or it asked for a pause; also said here without asking GitHub
 * - `budget-reserved` a low-priority call gave way; said here without asking GitHub
 * - `unavailable` 5xx, no connection, a broken connection, an answer that makes no sense
 * - `timeout` no answer in time
 */
export type GithubRefusalReason =
  | 'name-taken'
  | 'runner-group-unknown'
  | 'not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'invalid'
  | 'unexpected'
  | 'rate-limited'
  | 'budget-reserved'
  | 'unavailable'
  | 'timeout';

export type GithubRefusalDetails = {
  uncertain?: boolean;
  retryAfterSeconds?: number | undefined;
  status?: number | undefined;
  githubMessage?: string | undefined;
  githubRequestId?: string | undefined;
  networkCode?: string | undefined;
};

/**
 * GitHub did not do what it was asked, or nobody knows. The message says what happened and what to do next; it and
 * all fields are free of tokens, JIT configs and upstream bodies, and may be logged.
 */
export class GithubRefusal extends Error {
  readonly reason: GithubRefusalReason;
  /** True: GitHub may have done it nevertheless. False: nothing has changed at GitHub. Always false for a lookup. */
  readonly uncertain: boolean;
  /** Whole seconds after which asking again makes sense. */
  readonly retryAfterSeconds: number | undefined;
  /** GitHub's HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** GitHub's explanation of a 403 or 422: one line, cleaned of links and of whatever looks like a secret. */
  readonly githubMessage: string | undefined;
  /** `x-github-request-id`: what GitHub's support asks for. */
  readonly githubRequestId: string | undefined;
  /** The network's word when there was no answer: `ECONNRESET`. */
  readonly networkCode: string | undefined;

  constructor(reason: GithubRefusalReason, message: string, details: GithubRefusalDetails = {}) {
    super(message);
    this.name = 'GithubRefusal';
    this.reason = reason;
    this.uncertain = details.uncertain ?? false;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.status = details.status;
    this.githubMessage = details.githubMessage;
    this.githubRequestId = details.githubRequestId;
    this.networkCode = details.networkCode;
  }
}
