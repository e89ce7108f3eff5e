import type { Octokit } from '@octokit/core';
import { type IfUncertain, refusalOfStatus, silence, unavailableAfter } from './answer-refusal.js';
import type { CallLimiter } from './call-limiter.js';
import { Aborted, type Deadline, unlessAborted } from './deadline.js';
import type { CallPriority } from './github.port.js';
import { answerOf, type GithubAnswer } from './github-answer.js';
import { githubHeaders } from './github-headers.js';
import type { InstallationToken } from './installation-token.js';
import { type OnCall, observed } from './on-call.js';
import type { RateLimits } from './rate-limits.js';
import { refusals } from './refusals.js';

export type InstallationRequest = {
  operation: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** A path with `{placeholders}` filled from `parameters`; what else is there becomes the query or the body. */
  path: string;
  parameters?: Record<string, unknown>;
  headers?: Record<string, string>;
  priority: CallPriority;
  /** For a request that changes something: what to do next when nobody knows whether it did. */
  ifUncertain?: string;
};

export type InstallationDependencies = {
  octokit: Octokit;
  token: InstallationToken;
  limiter: CallLimiter;
  limits: RateLimits;
  onCall: OnCall;
};

/**
 * Every request to the organisation goes through here: held back while GitHub's limits say so, in its turn, with a
 * token, sent once. Answers with 2xx, 304 and 4xx are the operation's to judge; the rest is thrown as a refusal.
 */
export class Installation {
  constructor(private readonly deps: InstallationDependencies) {}

  async ask(request: InstallationRequest, deadline: Deadline): Promise<GithubAnswer> {
    this.holdBack(request);
    const leave = await this.deps.limiter
      .enter(request.priority, deadline.signal)
      .catch((error: unknown) => this.tooLate(error, request, deadline));
    try {
      // the limits may have been reached while this call was waiting
      this.holdBack(request);
      return this.judged(await this.sendSignedIn(request, deadline), request);
    } finally {
      leave();
    }
  }

  private async sendSignedIn(request: InstallationRequest, deadline: Deadline): Promise<GithubAnswer> {
    const token = await this.tokenWithin(request, deadline);
    const answer = await this.send(request, token, deadline);
    if (answer.status !== 401) return answer;
    this.deps.token.discard(token);
    if (request.method !== 'GET') return answer;
    return this.send(request, await this.tokenWithin(request, deadline), deadline);
  }

  private tokenWithin(request: InstallationRequest, deadline: Deadline): Promise<string> {
    return unlessAborted(this.deps.token.get(), deadline.signal).catch((error: unknown) =>
      this.tooLate(error, request, deadline),
    );
  }

  private async send(request: InstallationRequest, token: string, deadline: Deadline): Promise<GithubAnswer> {
    const { operation, method, path, parameters, headers, ifUncertain } = request;
    const sent = this.deps.octokit.request(`${method} ${path}`, {
      ...parameters,
      headers: { ...githubHeaders, ...headers, authorization: `token ${token}` },
      // following a redirect would be a second request
      request: { signal: deadline.signal, redirect: method === 'GET' ? 'follow' : 'manual' },
    });
    const answer = await observed(this.deps.onCall, operation, answerOf(sent, deadline)).catch(
      (error: unknown) => {
        throw silence(error, deadline, ifUncertain);
      },
    );
    this.deps.limits.learn(answer);
    return answer;
  }

  private judged(answer: GithubAnswer, { ifUncertain }: InstallationRequest): GithubAnswer {
    const limited = this.deps.limits.pauseAfter(answer);
    if (limited) throw limited;
    if (answer.status >= 500) throw unavailableAfter(answer, ifUncertain);
    if (answer.status === 401) throw refusalOfStatus(answer);
    return answer;
  }

  private holdBack({ operation, priority }: InstallationRequest): void {
    const refusal = this.deps.limits.refusalOf(priority);
    if (!refusal) return;
    this.deps.onCall({ operation, status: 'held-back', seconds: 0 });
    throw refusal;
  }

  /** The deadline passed before anything was sent. */
  private tooLate(error: unknown, { operation }: InstallationRequest, deadline: Deadline): never {
    if (!(error instanceof Aborted)) throw error;
    this.deps.onCall({ operation, status: 'held-back', seconds: 0 });
    throw refusals.timeout(deadline.seconds, { uncertain: false });
  }
}

/** What GitHub promises to answer, or the refusal its answer means. */
export const promised = <Answer>(
  answer: GithubAnswer,
  read: (data: unknown) => Answer | undefined,
  ifUncertain?: IfUncertain,
): Answer => {
  if (answer.status >= 300) throw refusalOfStatus(answer);
  const result = read(answer.data);
  if (result === undefined) throw unavailableAfter(answer, ifUncertain);
  return result;
};
