import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { compiled } from './compiled.js';
import { recordedDifferences } from './described-observer.js';
import { newAppKeyPem } from './src/app-key.js';

/** Each test starts processes, on a machine that may have more to do. */
jest.setTimeout(60_000);

const org = 'octo-org';
let programs: ReturnType<typeof compiled>;
let folder: string;
const children = new Set<ChildProcess>();

beforeAll(() => {
  programs = compiled();
  folder = mkdtempSync(join(tmpdir(), 'simulator-spec-'));
  writeFileSync(join(folder, 'app.pem'), newAppKeyPem(), { mode: 0o600 });
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(() => {
  expect(recordedDifferences(join(folder, 'record.jsonl'))).toEqual([]);
  programs.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program; `output` grows, `ended` is its exit code or signal. */
const start = (program: string, args: string[], environment: NodeJS.ProcessEnv) => {
  const child = spawn(process.execPath, [program, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => signal ?? code);
  return { child, output, ended };
};

const startSimulator = async (more: NodeJS.ProcessEnv = {}) => {
  const runFile = join(folder, 'simulator.json');
  rmSync(runFile, { force: true });
  const running = start(programs.simulator, [], {
    SIMULATOR_FILE: join(folder, 'simulator.db'),
    GITHUB_APP_PRIVATE_KEY_PATH: join(folder, 'app.pem'),
    WEBHOOK_URL: 'http://127.0.0.1:9/nobody-listens',
    GITHUB_WEBHOOK_SECRET: 'hook-secret',
    SIMULATOR_RECORD_FILE: join(folder, 'record.jsonl'),
    RUN_FILE: runFile,
    ...more,
  });
  while (!existsSync(runFile)) {
    if (running.child.exitCode !== null) throw new Error(running.output.stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const file = JSON.parse(readFileSync(runFile, 'utf8'));
  return { ...running, file, mode: statSync(runFile).mode & 0o777, url: String(file.github_api_url) };
};

const appAt = (url: string) =>
  new App({
    appId: 1234,
    privateKey: readFileSync(join(folder, 'app.pem'), 'utf8'),
    Octokit: Octokit.defaults({ baseUrl: url }),
  });

const generate = async (octokit: Octokit, name: string) => {
  const { data } = await octokit.request('POST /orgs/{org}/actions/runners/generate-jitconfig', {
    org,
    name,
    runner_group_id: 1,
    labels: ['self-hosted', 'gpu'],
  });
  return data;
};

const json = async (url: string, init?: RequestInit): Promise<Record<string, unknown>> => {
  const answer = await fetch(url, init);
  return { ...((await answer.json()) as object) };
};

describe('the simulator as a process', () => {
  it('says where it is, is healthy, and ends cleanly', async () => {
    const { file, mode, url, child, ended, output } = await startSimulator();
    expect(file).toEqual({
      app: 'simulator',
      pid: child.pid,
      internal_url: url,
      github_api_url: url,
      oidc_issuer: `${url}/oidc`,
    });
    expect(mode).toBe(0o600);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await fetch(url + path)).status).toBe(200);
    }
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output.stderr).toBe('');
    for (const line of output.stdout.trim().split('\n')) JSON.parse(line);
  });

  it('tells a person how to play, in commands that work as they are', async () => {
    const { output, child, ended } = await startSimulator({
      GITHUB_APP_PRIVATE_KEY_PATH: '',
      SIMULATOR_FILE: '',
    });
    while (!output.stderr.includes('README.md')) await once(child.stderr, 'data');
    const commands = [...output.stderr.matchAll(/curl -s .*$/gm)].map(([command]) => command);
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) {
      const { stdout } = await promisify(execFile)('bash', ['-c', command]);
      expect({ command, message: JSON.parse(stdout).message }).toEqual({ command, message: undefined });
    }
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('refuses an environment that does not fit, naming what', async () => {
    const { ended, output } = start(programs.simulator, [], { SIMULATOR_PORT: 'x', WEBHOOK_URL: 'y' });
    expect(await ended).toBe(1);
    expect(output.stderr).toMatch(/SIMULATOR_PORT[\s\S]*WEBHOOK_URL/);
  });

  it('remembers everything it answered after kill -9', async () => {
    const first = await startSimulator();
    const octokit = await appAt(first.url).getInstallationOctokit(5678);
    const { runner, encoded_jit_config } = await generate(octokit, 'kept-1');
    await Promise.all([generate(octokit, 'kept-2'), generate(octokit, 'kept-3')]);
    const job = await json(`${first.url}/_simulator/jobs`, {
      method: 'POST',
      body: JSON.stringify({ labels: ['gpu'], duration_ms: 0 }),
    });
    const { access_token } = await json(`${first.url}/_simulator/tokens`, {
      method: 'POST',
      body: '{"sub":"ada"}',
    });
    await json(`${first.url}/_simulator/switches`, {
      method: 'PATCH',
      body: '{"hooks":{"delay_ms":600000}}',
    });
    const late = await json(`${first.url}/_simulator/jobs`, {
      method: 'POST',
      body: '{"labels":["nobody"]}',
    });
    first.child.kill('SIGKILL');
    await first.ended;

    const second = await startSimulator();
    expect(second.url).toBe(first.url);
    // The same installation token, the same runners, the same job, the same issuer key.
    const { data } = await octokit.request('GET /orgs/{org}/actions/runners', { org });
    expect(data.runners.map(({ name }) => name)).toEqual(['kept-1', 'kept-2', 'kept-3']);
    expect(await json(`${second.url}/_simulator/jobs/${job.id}`)).toEqual(job);
    const keys = createRemoteJWKSet(new URL(`${second.url}/oidc/jwks`));
    await jwtVerify(String(access_token), keys, { issuer: `${second.url}/oidc` });
    // Also the delivery that was still on its way has been tried by now.
    const tried = async () => (await appAt(second.url).octokit.request('GET /app/hook/deliveries')).data;
    while ((await tried()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const delivery of await tried()) {
      expect(delivery).toMatchObject({ status_code: 0, status: 'failed to connect to host' });
    }
    expect(late).toMatchObject({ status: 'queued' });

    const program = start(programs.runner, [], { ACTIONS_RUNNER_INPUT_JITCONFIG: encoded_jit_config });
    expect(await program.ended).toBe(0);
    expect(await json(`${second.url}/_simulator/jobs/${job.id}`)).toMatchObject({
      status: 'completed',
      conclusion: 'success',
      runner_id: runner.id,
    });

    const secrets = [encoded_jit_config, String(access_token), 'ghs_', 'hook-secret'];
    for (const secret of secrets) {
      expect(first.output.stdout + second.output.stdout + program.output.stdout).not.toContain(secret);
      expect(readFileSync(join(folder, 'record.jsonl'), 'utf8')).not.toContain(secret);
    }
  });
});

describe('the runner as a process', () => {
  it('queues its own job, does it, and cannot be started again', async () => {
    const { url } = await startSimulator({ SIMULATOR_FILE: ':memory:' });
    const octokit = await appAt(url).getInstallationOctokit(5678);
    await json(`${url}/_simulator/switches`, { method: 'PATCH', body: '{"job":{"duration_ms":10}}' });
    const { encoded_jit_config } = await generate(octokit, 'demo');
    const first = start(programs.runner, [encoded_jit_config, '--queue-job'], {});
    expect(await first.ended).toBe(0);
    expect(first.output.stdout.replace(/^\S+ +/gm, '')).toBe(
      `${[
        'This is ephemeral runner demo (id 1001)',
        'Access token received for the private key of this runner',
        'Connected to GitHub: the runner is online',
        'Queued job 30001 for labels self-hosted, gpu',
        'Listening for jobs',
        'Running job: build',
        'Job build completed with result: Succeeded',
        'This ephemeral runner has done its job and is gone',
      ].join('\n')}\n`,
    );
    const second = start(programs.runner, [encoded_jit_config], {});
    expect(await second.ended).toBe(1);
    expect(second.output.stderr).toContain('has been deleted');
  });

  it('survives a restart of GitHub and goes offline on SIGINT', async () => {
    const first = await startSimulator({ SIMULATOR_FILE: join(folder, 'restart.db') });
    const octokit = await appAt(first.url).getInstallationOctokit(5678);
    const { runner, encoded_jit_config } = await generate(octokit, 'patient');
    const program = start(programs.runner, [encoded_jit_config], { RUNNER_BACKOFF_MS: '500' });
    const status = async () =>
      (await json(`${first.url}/_simulator/runners/${runner.id}`).catch(() => ({ status: 'unknown' })))
        .status;
    while (!program.output.stdout.includes('Listening')) await new Promise((done) => setTimeout(done, 20));
    first.child.kill('SIGKILL');
    await first.ended;
    await startSimulator({ SIMULATOR_FILE: join(folder, 'restart.db') });
    expect(await status()).toBe('online');
    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
    expect(await status()).toBe('offline');
  });

  it.each([
    ['nothing to go by', [], 'Usage'],
    ['a text that is no JIT config', ['abc'], 'not what generate-jitconfig hands out'],
  ])('ends with 1 for %s', async (_, args, message) => {
    const { ended, output } = start(programs.runner, args, {});
    expect(await ended).toBe(1);
    expect(output.stderr).toContain(message);
  });
});
