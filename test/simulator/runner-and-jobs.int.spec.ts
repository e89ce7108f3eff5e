import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/core';
import { admin, type QueuedJob } from './admin.js';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import { asInstallation } from './octokit-app.js';
import { interruptRunners, started } from './runner-in-process.js';
import type { StartedSimulator } from './src/index.js';
import { RunnerExit } from './src/runner/exit-code.js';
import { register } from './src/runner/register.js';
import { unpackJitConfig } from './src/runner/runner-settings.js';
import { webhookReceiver } from './webhook-receiver.js';

const startSimulator = simulatorsHeldToDescriptions();
const org = 'octo-org';

let receiver: Awaited<ReturnType<typeof webhookReceiver>>;
let simulator: StartedSimulator;
let octokit: Octokit;
let serial = 0;

beforeAll(async () => {
  receiver = await webhookReceiver();
  simulator = await startSimulator({ hook: { url: receiver.url, secret: 'secret' } });
  octokit = await asInstallation(simulator);
});
afterAll(async () => {
  await simulator.stop();
  await receiver.stop();
});
beforeEach(() => {
  simulator.switches.reset();
  simulator.switches.patch({ job: { duration_ms: 20 } });
  receiver.forget();
});
afterEach(interruptRunners);

const jitRunner = async (labels = ['self-hosted', 'gpu']) => {
  serial += 1;
  const { data } = await octokit.request('POST /orgs/{org}/actions/runners/generate-jitconfig', {
    org,
    name: `runner-${serial}`,
    runner_group_id: 1,
    labels,
  });
  return { id: data.runner.id, settings: unpackJitConfig(data.encoded_jit_config) };
};

const queueJob = (job: { labels: string[]; duration_ms?: number; conclusion?: string; run_id?: number }) =>
  admin<QueuedJob>(simulator, 'POST', '/jobs', job);

const getRunner = (id: number) =>
  octokit.request('GET /orgs/{org}/actions/runners/{runner_id}', { org, runner_id: id }).then(
    ({ data }) => data,
    ({ status }) => status,
  );

const events = () =>
  receiver.received
    .map(({ body }) => JSON.parse(body))
    .map(({ action, workflow_job }) => ({
      action,
      id: workflow_job?.id,
      status: workflow_job?.status,
      conclusion: workflow_job?.conclusion,
      runner: workflow_job?.runner_id,
    }));

const jobEvents = (id: number, count: number) =>
  receiver.until((all) => all.filter(({ body }) => JSON.parse(body).workflow_job.id === id).length >= count);

describe('a JIT runner', () => {
  it('goes online, takes the job that fits, finishes it and is gone', async () => {
    const { id, settings } = await jitRunner();
    const runner = started(settings);
    await runner.says('Listening');
    expect(await getRunner(id)).toMatchObject({ status: 'online', busy: false, version: '2.336.0' });

    await queueJob({ labels: ['windows'], conclusion: 'skipped' });
    const job = await queueJob({ labels: ['Self-Hosted', 'GPU'], duration_ms: 150 });
    await runner.says('Running job');
    expect(await getRunner(id)).toMatchObject({ status: 'online', busy: true });
    await expect(
      octokit.request('DELETE /orgs/{org}/actions/runners/{runner_id}', { org, runner_id: id }),
    ).rejects.toMatchObject({ status: 422 });

    expect(await runner.ended).toBe(0);
    expect(runner.said.at(-2)).toBe('Job build completed with result: Succeeded');
    expect(await getRunner(id)).toBe(404);
    await jobEvents(job.id, 3);
    expect(events().filter((event) => event.id === job.id)).toEqual([
      { action: 'queued', id: job.id, status: 'queued', conclusion: null, runner: null },
      { action: 'in_progress', id: job.id, status: 'in_progress', conclusion: null, runner: id },
      { action: 'completed', id: job.id, status: 'completed', conclusion: 'success', runner: id },
    ]);
  });

  it('reports the end the job was ordered with', async () => {
    const { settings } = await jitRunner();
    const { id } = await queueJob({ labels: ['gpu'], conclusion: 'failure' });
    expect(await started(settings).ended).toBe(0);
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/actions/jobs/{job_id}', {
      owner: org,
      repo: 'demo',
      job_id: id,
    });
    expect(data).toMatchObject({ status: 'completed', conclusion: 'failure', runner_name: settings.name });
  });

  it('is nobody without its own private key', async () => {
    const { settings } = await jitRunner();
    const { settings: other } = await jitRunner();
    await expect(started({ ...settings, privateKey: other.privateKey }).ended).rejects.toMatchObject({
      code: 1,
      message: expect.stringContaining('signature'),
    });
  });

  it('refuses a second process with the same configuration', async () => {
    const { settings } = await jitRunner();
    await started(settings).says('Listening');
    await expect(started(settings).ended).rejects.toMatchObject({ code: 5 });
  });

  it('ends with 1 when its registration was deleted, before and after it connected', async () => {
    const connected = await jitRunner();
    const runner = started(connected.settings);
    await runner.says('Listening');
    const other = await jitRunner();
    for (const { id } of [connected, other]) {
      await octokit.request('DELETE /orgs/{org}/actions/runners/{runner_id}', { org, runner_id: id });
    }
    await expect(runner.ended).rejects.toMatchObject({ code: 1 });
    await expect(started(other.settings).ended).rejects.toMatchObject({
      code: 1,
      message: expect.stringContaining('has been deleted'),
    });
  });

  it('goes offline when interrupted', async () => {
    const { id, settings } = await jitRunner();
    const runner = started(settings);
    await runner.says('Listening');
    runner.interrupt();
    expect(await runner.ended).toBe(0);
    expect(await getRunner(id)).toMatchObject({ status: 'offline' });
  });

  it('goes offline when nothing is heard of it any more', async () => {
    const { id, settings } = await jitRunner();
    simulator.switches.patch({ runner_service: { session_timeout_ms: 1, poll_ms: 30 } });
    // Holds its session without ever polling.
    const runner = started(settings, { onOnline: () => new Promise(() => undefined) });
    await runner.says('online');
    simulator.service.upkeep();
    await new Promise((resolve) => setTimeout(resolve, 5));
    simulator.service.upkeep();
    expect(await getRunner(id)).toMatchObject({ status: 'offline' });
  });

  it('gives a job back that it does not come for', async () => {
    const { settings } = await jitRunner(['slow']);
    const deaf = started(settings, { onOnline: () => new Promise(() => undefined) });
    await deaf.says('online');
    const { id } = await queueJob({ labels: ['slow'] });
    simulator.switches.patch({ runner_service: { assignment_timeout_ms: 0 } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    simulator.service.upkeep();
    const other = await jitRunner(['slow']);
    expect(await started(other.settings).ended).toBe(0);
    await jobEvents(id, 3);
    expect(events()).toContainEqual(
      expect.objectContaining({ id, action: 'completed', runner: other.id, conclusion: 'success' }),
    );
  });

  it('fails its job when it stops renewing', async () => {
    const { id, settings } = await jitRunner();
    simulator.switches.patch({ runner_service: { job_lock_ms: 30 } });
    const job = await queueJob({ labels: ['gpu'], duration_ms: 60_000 });
    const runner = started(settings, { renewEveryMs: 100_000 });
    await runner.says('Running job');
    await jobEvents(job.id, 3);
    expect(events().at(-1)).toMatchObject({ action: 'completed', conclusion: 'failure' });
    expect(await getRunner(id)).toBe(404);
  });

  it('is cancelled with its run', async () => {
    const { settings } = await jitRunner();
    const running = await queueJob({ labels: ['gpu'], duration_ms: 60_000 });
    const waiting = await queueJob({ labels: ['nobody-has-this'], run_id: running.run_id });
    const runner = started(settings);
    await runner.says('Running job');
    const cancel = () =>
      octokit.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', {
        owner: org,
        repo: 'demo',
        run_id: running.run_id,
      });
    expect((await cancel()).status).toBe(202);
    expect(await runner.ended).toBe(0);
    await jobEvents(running.id, 3);
    await jobEvents(waiting.id, 2);
    expect(events()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: running.id, conclusion: 'cancelled' }),
        expect.objectContaining({ id: waiting.id, conclusion: 'cancelled', runner: 0 }),
      ]),
    );
    await expect(cancel()).rejects.toMatchObject({ status: 409 });
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', {
      owner: org,
      repo: 'demo',
      run_id: running.run_id,
    });
    expect(data.total_count).toBe(2);
  });

  it('is removed when it stays unused for a day', async () => {
    const { id } = await jitRunner();
    simulator.switches.patch({ clock_skew_seconds: 86_401 });
    simulator.service.upkeep();
    simulator.switches.patch({ clock_skew_seconds: 0 });
    expect(await getRunner(id)).toBe(404);
  });

  it('may be removed when it waits for a job for too long, but not while it works', async () => {
    simulator.switches.patch({ runner_ttl: { jit_idle_seconds: 3600 } });
    const idle = await jitRunner(['idle']);
    const busy = await jitRunner(['busy']);
    const runners = [started(idle.settings), started(busy.settings)];
    await Promise.all(runners.map(({ says }) => says('Listening')));
    await queueJob({ labels: ['busy'], duration_ms: 60_000 });
    await runners[1]?.says('Running job');
    simulator.switches.patch({ clock_skew_seconds: 3601 });
    simulator.service.upkeep();
    simulator.switches.patch({ clock_skew_seconds: 0, hidden_busy_rate: 1 });
    expect(await getRunner(idle.id)).toBe(404);
    expect(await getRunner(busy.id)).toMatchObject({ status: 'online', busy: false });
    simulator.switches.patch({ hidden_busy_rate: 0 });
    expect(await getRunner(busy.id)).toMatchObject({ status: 'online', busy: true });
    await expect(runners[0]?.ended).rejects.toMatchObject({ code: 1 });
  });

  it('says what is wrong with a configuration', () => {
    expect(() => unpackJitConfig('no JIT config')).toThrow(RunnerExit);
    const empty = Buffer.from('{}').toString('base64');
    expect(() => unpackJitConfig(empty)).toThrow('The JIT config has no .runner.');
  });
});

describe('a runner registered with a token', () => {
  const registered = async (ephemeral: boolean) => {
    serial += 1;
    const { data } = await octokit.request('POST /orgs/{org}/actions/runners/registration-token', { org });
    return register({
      url: `${simulator.url}/${org}`,
      token: data.token,
      name: `runner-${serial}`,
      labels: ['own'],
      ephemeral,
    });
  };

  it('has the default labels and takes one job after the other', async () => {
    const settings = await registered(false);
    const runner = started(settings);
    await runner.says('Listening');
    expect(await getRunner(settings.id)).toMatchObject({
      ephemeral: false,
      labels: [
        { name: 'self-hosted', type: 'read-only' },
        { name: 'linux', type: 'read-only' },
        { name: 'x64', type: 'read-only' },
        { name: 'own', type: 'custom' },
      ],
    });
    const first = await queueJob({ labels: ['own'] });
    const second = await queueJob({ labels: ['own'] });
    await jobEvents(first.id, 3);
    await jobEvents(second.id, 3);
    expect(await getRunner(settings.id)).toMatchObject({ status: 'online', busy: false });
  });

  it('is not registered with a wrong token', async () => {
    const attempt = register({
      url: `${simulator.url}/${org}`,
      token: 'WRONG',
      name: 'x',
      labels: [],
      ephemeral: true,
    });
    await expect(attempt).rejects.toMatchObject({ code: 1 });
  });
});
