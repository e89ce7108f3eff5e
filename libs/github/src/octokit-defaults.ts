import { Octokit } from '@octokit/core';
import { type GithubLog, octokitLog } from './github-log.js';

/** Octokit as everything here uses it. */
export const octokitAt = (apiUrl: string, log: GithubLog): typeof Octokit =>
  Octokit.defaults({
    baseUrl: apiUrl,
    userAgent: 'runner-token-service',
    log: octokitLog(log),
    // deprecation warnings go another way than Octokit's own log
    request: { log: octokitLog(log) },
  });

export const withoutTrailingSlash = (url: string): string => url.replace(/\/+$/, '');
