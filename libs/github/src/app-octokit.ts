import { createPrivateKey } from 'node:crypto';
import { App } from '@octokit/app';
import type { Octokit } from '@octokit/core';
import { type GithubLog, octokitLog } from './github-log.js';

export type AppIdentity = {
  /** The App's id, or its client id. */
  appId: number | string;
  /** PEM, PKCS#1 (as downloaded from GitHub) or PKCS#8. */
  privateKey: string;
};

/** Signs in as the App itself; repeats a request by itself when GitHub says that our clock is wrong. */
export const appOctokit = (
  { appId, privateKey }: AppIdentity,
  { Octokit: OctokitHere, log }: { Octokit: typeof Octokit; log: GithubLog },
): Octokit =>
  new App({ appId, privateKey: pkcs8(privateKey), Octokit: OctokitHere, log: octokitLog(log) }).octokit;

/** Checked here, so that a wrong file stops the start and not the first request. */
const pkcs8 = (pem: string): string => {
  try {
    return createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    throw new Error(
      "The GitHub App's private key cannot be read. It has to be the PEM file downloaded from GitHub, from its first line to its last.",
    );
  }
};
