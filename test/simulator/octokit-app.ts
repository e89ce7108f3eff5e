import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import type { StartedSimulator } from './src/index.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Octokit, as the service uses it, pointed at a simulator. */
export const octokitApp = ({ url, app }: StartedSimulator) =>
  new App({
    appId: app.appId,
    privateKey: app.privateKeyPem,
    Octokit: Octokit.defaults({ baseUrl: url, log: silent }),
  });

export const asInstallation = (simulator: StartedSimulator) =>
  octokitApp(simulator).getInstallationOctokit(simulator.app.installationId);
