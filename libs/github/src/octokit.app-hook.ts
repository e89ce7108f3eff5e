import type { Octokit } from '@octokit/core';
import { refusalOfStatus, silence, unavailableAfter } from './answer-refusal.js';
import type { AppHook, DeliveryPage } from './app-hook.port.js';
import { nextOf, readDeliveries } from './app-hook-answers.js';
import { appOctokit } from './app-octokit.js';
import type { GithubOptions } from './create-github.js';
import { type Deadline, withDeadline } from './deadline.js';
import { answerOf, type GithubAnswer } from './github-answer.js';
import { githubHeaders } from './github-headers.js';
import { promised } from './installation.js';
import { octokitAt, withoutTrailingSlash } from './octokit-defaults.js';
import { type OnCall, observed } from './on-call.js';
import { RateLimits } from './rate-limits.js';

export type AppHookOptions = Pick<
  GithubOptions,
  'apiUrl' | 'appId' | 'privateKey' | 'log' | 'onCall' | 'now' | 'timeoutMs'
> & {
  /** Default 100, GitHub's maximum. */
  perPage?: number;
};

type Call = {
  operation: string;
  route: string;
  parameters: Record<string, unknown>;
  /** For what changes something: what to do next when nobody knows whether it did. */
  ifUncertain?: string;
};

const ASK_LATER = 'It may be delivered again nevertheless: look, then ask again if it was not.';

/** https://docs.github.com/rest/apps/webhooks, signed in as the App; its budget is not the installation's. */
export const createAppHook = (options: AppHookOptions): AppHook => {
  const { log, onCall = () => {}, now = Date.now, perPage = 100, timeoutMs = 10_000 } = options;
  const octokit = appOctokit(options, { Octokit: octokitAt(withoutTrailingSlash(options.apiUrl), log), log });
  const asking = new Asking(octokit, new RateLimits(now), onCall);
  return {
    listDeliveries: (cursor) =>
      withDeadline(timeoutMs, async (deadline): Promise<DeliveryPage> => {
        const answer = await asking.ask(
          {
            operation: 'listHookDeliveries',
            route: 'GET /app/hook/deliveries',
            parameters: { per_page: perPage, ...(cursor === undefined ? {} : { cursor }) },
          },
          deadline,
        );
        return { deliveries: promised(answer, readDeliveries), ...nextOf(answer) };
      }),
    redeliver: (deliveryId) =>
      withDeadline(timeoutMs, async (deadline) => {
        const answer = await asking.ask(
          {
            operation: 'redeliverHookDelivery',
            route: 'POST /app/hook/deliveries/{delivery_id}/attempts',
            parameters: { delivery_id: deliveryId },
            ifUncertain: ASK_LATER,
          },
          deadline,
        );
        return answer.status === 404 ? 'gone' : promised(answer, () => 'asked' as const);
      }),
  };
};

class Asking {
  constructor(
    private readonly octokit: Octokit,
    private readonly limits: RateLimits,
    private readonly onCall: OnCall,
  ) {}

  /** Answers with 2xx and 4xx are the operation's to judge; the rest is thrown as a refusal. */
  async ask({ operation, route, parameters, ifUncertain }: Call, deadline: Deadline): Promise<GithubAnswer> {
    const heldBack = this.limits.refusalOf('low');
    if (heldBack) {
      this.onCall({ operation, status: 'held-back', seconds: 0 });
      throw heldBack;
    }
    const sent = this.octokit.request(route, {
      ...parameters,
      headers: githubHeaders,
      request: { signal: deadline.signal },
    });
    const answer = await observed(this.onCall, operation, answerOf(sent, deadline)).catch(
      (error: unknown) => {
        throw silence(error, deadline, ifUncertain);
      },
    );
    this.limits.learn(answer);
    const limited = this.limits.pauseAfter(answer);
    if (limited) throw limited;
    if (answer.status >= 500) throw unavailableAfter(answer, ifUncertain);
    if (answer.status === 401) throw refusalOfStatus(answer);
    return answer;
  }
}
