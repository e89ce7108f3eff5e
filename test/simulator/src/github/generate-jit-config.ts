import { randomUUID } from 'node:crypto';
import type { RunnerServiceUrls } from '../runner-service/urls.js';
import { GitHubError, notFound } from './github-error.js';
import { encodeJitConfig } from './jit-config.js';
import type { KeyPool } from './key-pool.js';
import type { Runner } from './runner.js';
import { hostedRunnerGroupId, type RunnerGroups } from './runner-groups.js';
import { type LabelTyping, toLabels } from './runner-labels.js';
import type { RunnerRegistry } from './runner-registry.js';

export interface JitConfigOrder {
  name: string;
  runnerGroupId: number;
  labels: readonly string[];
  /** Relative to the runner's folder. */
  workFolder: string;
}

export type GenerateJitConfig = (
  order: JitConfigOrder,
) => Promise<{ runner: Runner; encodedJitConfig: string }>;

export interface JitConfigParts {
  runners: RunnerRegistry;
  groups: RunnerGroups;
  keys: KeyPool;
  urls: () => RunnerServiceUrls;
  implicitLabels: () => readonly string[];
  labelTyping: () => LabelTyping;
}

/** Registers an ephemeral runner with a key pair of GitHub's making and packs both into its config. */
export function jitConfigGenerator(parts: JitConfigParts): GenerateJitConfig {
  const { runners, groups, keys } = parts;
  return async ({ name, runnerGroupId, labels, workFolder }) => {
    if (runnerGroupId === hostedRunnerGroupId) {
      throw new GitHubError(403, 'GitHub hosted runner groups cannot be modified');
    }
    if (!groups.get(runnerGroupId)) throw notFound();
    const privateKey = await keys.take();
    // From here on nothing waits: two calls cannot both find the name free.
    if (runners.findByName(name)) throw nameTaken(name);
    const clientId = randomUUID();
    const { kty = 'RSA', n = '', e = '' } = privateKey;
    const runner = runners.add({
      name,
      os: 'unknown',
      status: 'offline',
      busy: false,
      ephemeral: true,
      runner_group_id: runnerGroupId,
      labels: toLabels([...parts.implicitLabels(), ...labels], parts.labelTyping()),
      credentials: { clientId, publicKey: { kty, n, e } },
    });
    const encodedJitConfig = encodeJitConfig({
      runner: { id: runner.id, name, groupId: runnerGroupId },
      workFolder,
      clientId,
      privateKey,
      urls: parts.urls(),
    });
    return { runner, encodedJitConfig };
  };
}

/** 409 in GitHub's words. */
export const nameTaken = (name: string): GitHubError =>
  new GitHubError(409, `Already exists - A runner with the name ${name} already exists.`);
