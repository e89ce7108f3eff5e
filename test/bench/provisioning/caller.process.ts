import { createPrivateKey, randomBytes } from 'node:crypto';
import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { type ClosedLoop, closedLoop, type LoopResult } from '../load/closed-loop.js';
import { answer } from '../processes/worker.js';

/** What the tenant does: asks the service for runners, and gives them back. */
type Provision = ClosedLoop & { kind: 'provision'; url: string; token: string };
type Deprovision = { kind: 'deprovision'; url: string; token: string; runnerIds: readonly string[] };
/** What the service does with GitHub, and nothing else. */
type AskGithub = ClosedLoop & { kind: 'ask-github'; github: GithubAddress };

export type GithubAddress = {
  apiUrl: string;
  org: string;
  appId: number;
  installationId: number;
  /** PEM. */
  privateKey: string;
};

export type CallerTask = Provision | Deprovision | AskGithub;
export type Provisioned = LoopResult & { runnerIds: readonly string[] };

const LABELS = ['self-hosted', 'linux', 'x64', 'gpu', 'ubuntu-22.04'];
const DELETED_AT_A_TIME = 32;

const provision = async ({ url, token, ...loop }: Provision): Promise<Provisioned> => {
  const seen = { runnerIds: new Set<string>(), names: new Set<string>(), configs: new Set<string>() };
  const body = JSON.stringify({ runner_name_prefix: 'bench', labels: ['gpu', 'ubuntu-22.04'] });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const result = await closedLoop(loop, async () => {
    const response = await fetch(`${url}/api/v1/runners/jit`, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`a provision was answered ${response.status}: ${text}`);
    const answered = JSON.parse(text) as Record<'runner_id' | 'runner_name' | 'encoded_jit_config', string>;
    seen.runnerIds.add(answered.runner_id);
    seen.names.add(answered.runner_name);
    seen.configs.add(answered.encoded_jit_config);
  });
  const calls = result.latencies.length;
  for (const [what, { size }] of Object.entries(seen)) {
    if (size !== calls) throw new Error(`${calls} provisions, but only ${size} different ${what}`);
  }
  return { ...result, runnerIds: [...seen.runnerIds] };
};

const deprovision = async ({ url, token, runnerIds }: Deprovision): Promise<Provisioned> => {
  const left = [...runnerIds];
  const latencies: number[] = [];
  const startedAt = performance.now();
  const caller = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      const sentAt = performance.now();
      const response = await fetch(`${url}/api/v1/runners/${id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${token}` },
      });
      await response.text();
      if (response.status > 202) throw new Error(`a deletion was answered ${response.status}`);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: DELETED_AT_A_TIME }, caller));
  return {
    latencies: Float64Array.from(latencies),
    seconds: (performance.now() - startedAt) / 1000,
    runnerIds,
  };
};

/** Once per process, as the service does. */
let octokit: Promise<Octokit> | undefined;

const signIn = async ({ apiUrl, appId, installationId, privateKey }: GithubAddress): Promise<Octokit> => {
  const OctokitHere = Octokit.defaults({ baseUrl: apiUrl, userAgent: 'bench' });
  const pem = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem' });
  const app = new App({ appId, privateKey: String(pem), Octokit: OctokitHere });
  const { data } = await app.octokit.request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: installationId,
  });
  return new OctokitHere({ auth: data.token });
};

const askGithub = async ({ github, ...loop }: AskGithub): Promise<Provisioned> => {
  octokit ??= signIn(github);
  const client = await octokit;
  const ids: string[] = [];
  const result = await closedLoop(loop, async () => {
    const { data } = await client.request('POST /orgs/{org}/actions/runners/generate-jitconfig', {
      org: github.org,
      name: `alone-${randomBytes(8).toString('hex')}`,
      runner_group_id: 1,
      labels: LABELS,
      work_folder: '_work',
    });
    ids.push(String(data.runner.id));
  });
  return { ...result, runnerIds: ids };
};

answer<CallerTask, Provisioned>(async (task) => {
  switch (task.kind) {
    case 'provision':
      return provision(task);
    case 'deprovision':
      return deprovision(task);
    case 'ask-github':
      return askGithub(task);
  }
});
