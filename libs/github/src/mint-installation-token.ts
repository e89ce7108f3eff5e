import type { Octokit } from '@octokit/core';
import { z } from 'zod';
import { refusalOfStatus, silence, unavailableAfter } from './answer-refusal.js';
import { type AppIdentity, appOctokit } from './app-octokit.js';
import { withDeadline } from './deadline.js';
import { answeredAt, answerOf, type GithubAnswer } from './github-answer.js';
import { githubHeaders } from './github-headers.js';
import type { GithubLog } from './github-log.js';
import type { MintedToken } from './installation-token.js';
import { type OnCall, observed } from './on-call.js';
import type { RateLimits } from './rate-limits.js';

export type AppCredentials = AppIdentity & { installationId: number };

export type MintDependencies = {
  Octokit: typeof Octokit;
  limits: RateLimits;
  log: GithubLog;
  onCall: OnCall;
  now: () => number;
};

const timeoutMs = 10_000;
const mintedSchema = z.object({ token: z.string().min(1), expires_at: z.string() });

/**
 * Fetches a token for the installation, signing in as the App; Octokit repeats this one request by itself when
 * GitHub says that our clock is wrong. It goes to the route and not through `auth({type: 'installation'})`: that
 * one keeps the requests in flight in a variable of its module, shared by every App of the process, and its answer
 * has no `Date` to compare clocks with.
 */
export const installationTokenMint = (
  { installationId, ...identity }: AppCredentials,
  { Octokit, limits, log, onCall, now }: MintDependencies,
): (() => Promise<MintedToken>) => {
  const octokit = appOctokit(identity, { Octokit, log });
  return () =>
    withDeadline(timeoutMs, async (deadline) => {
      const request = octokit.request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: installationId,
        headers: githubHeaders,
        request: { signal: deadline.signal },
      });
      const answer = await observed(onCall, 'createInstallationToken', answerOf(request, deadline)).catch(
        (error: unknown) => {
          throw silence(error, deadline, undefined);
        },
      );
      return mintedFrom(answer, limits, now());
    });
};

const mintedFrom = (answer: GithubAnswer, limits: RateLimits, now: number): MintedToken => {
  const limited = limits.pauseAfter(answer);
  if (limited) throw limited;
  if (answer.status >= 300 && answer.status < 500) throw refusalOfStatus(answer);
  const minted = mintedSchema.safeParse(answer.data);
  const expiresAt = Date.parse(minted.data?.expires_at ?? '');
  if (answer.status >= 500 || !minted.success || Number.isNaN(expiresAt)) {
    throw unavailableAfter(answer, undefined);
  }
  return { token: minted.data.token, lifetimeMs: expiresAt - answeredAt(answer, now) };
};
