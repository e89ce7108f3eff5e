import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/core';
import { admin, type QueuedJob } from './admin.js';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import { asInstallation } from './octokit-app.js';
import { interruptRunners, started } from './runner-in-process.js';
import type { StartedSimulator } from './src/index.js';
import { unpackJitConfig } from './src/runner/runner-settings.js';
import { webhookReceiver } from './webhook-receiver.js';

const startSimulator = simulatorsHeldToDescriptions();
const org = 'octo-org';
const base = `/repos/${org}/demo/actions`;

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
  simulator.switches.patch({ job: { duration_ms: 10 }, hooks: { workflow_run_events: true } });
  receiver.forget();
});
afterEach(interruptRunners);

const ask = async (route: string, body: Record<string, unknown> = {}) =>
  (await octokit.request(route, body)).data;

const statusOf = (route: string) =>
  octokit.request(route).then(
    ({ status }) => status,
    ({ status }) => status,
  );

const queueJob = (job: object = {}) =>
  admin<QueuedJob>(simulator, 'POST', '/jobs', { labels: ['gpu'], ...job });

const runner = async (labels = ['gpu']) => {
  serial += 1;
  const { encoded_jit_config } = await ask(`POST /orgs/${org}/actions/runners/generate-jitconfig`, {
    name: `run-${serial}`,
    runner_group_id: 1,
    labels,
  });
  return started(unpackJitConfig(encoded_jit_config));
};

/** Waits for so many webhooks about a run and tells them in short. */
const told = async (runId: number, count: number) => {
  const about = (body: string) => {
    const { action, workflow_job: job, workflow_run: run } = JSON.parse(body);
    if (run?.id === runId) return `run ${action} ${run.run_attempt} ${run.status} ${run.conclusion}`;
    return job?.run_id === runId ? `job ${action} ${job.run_attempt} ${job.id}` : undefined;
  };
  const all = await receiver.until(
    (hooks) => hooks.filter(({ body }) => about(body) !== undefined).length >= count,
  );
  return all.map(({ body }) => about(body)).filter((each) => each !== undefined);
};

describe('a workflow run', () => {
  it('goes from requested to completed with its jobs, and says so', async () => {
    const job = await queueJob();
    const { run_id: id } = job;
    expect(await ask(`GET ${base}/runs/${id}`)).toMatchObject({
      id,
      status: 'queued',
      conclusion: null,
      run_attempt: 1,
      path: '.github/workflows/ci.yml',
      previous_attempt_url: null,
    });
    expect(await (await runner()).ended).toBe(0);
    expect(await ask(`GET ${base}/runs/${id}`)).toMatchObject({ status: 'completed', conclusion: 'success' });
    expect((await told(id, 6)).sort()).toEqual(
      [
        'run requested 1 queued null',
        'run in_progress 1 in_progress null',
        'run completed 1 completed success',
        `job queued 1 ${job.id}`,
        `job in_progress 1 ${job.id}`,
        `job completed 1 ${job.id}`,
      ].sort(),
    );
  });

  it('is found by repository and by status or conclusion, newest first', async () => {
    const [old, young] = [await queueJob({ labels: ['x'] }), await queueJob({ labels: ['x'] })];
    const skipped = await queueJob({ conclusion: 'skipped' });
    const ids = async (query: string, repository = 'demo') =>
      (await ask(`GET /repos/${org}/${repository}/actions/runs?${query}`)).workflow_runs.map(
        ({ id }: { id: number }) => id,
      );
    expect((await ids('status=queued')).slice(0, 2)).toEqual([young.run_id, old.run_id]);
    expect(await ids('status=skipped')).toEqual([skipped.run_id]);
    expect(await ids('per_page=1')).toEqual([skipped.run_id]);
    await admin(simulator, 'POST', '/repositories', { name: 'quiet' });
    expect(await ids('', 'quiet')).toEqual([]);
    expect(await statusOf(`GET /repos/${org}/nothing-here/actions/runs/${old.run_id}`)).toBe(404);
  });

  it('is cancelled at once while queued, and only once', async () => {
    const job = await queueJob({ labels: ['nobody'] });
    expect(await statusOf(`POST ${base}/runs/${job.run_id}/cancel`)).toBe(202);
    expect(await ask(`GET ${base}/jobs/${job.id}`)).toMatchObject({
      status: 'completed',
      conclusion: 'cancelled',
      runner_id: 0,
      runner_name: '',
    });
    for (const way of ['cancel', 'force-cancel']) {
      expect(await statusOf(`POST ${base}/runs/${job.run_id}/${way}`)).toBe(409);
    }
    expect(await statusOf(`POST ${base}/runs/1/cancel`)).toBe(404);
  });

  it('is cancelled by force without waiting for its runner', async () => {
    const job = await queueJob({ duration_ms: 60_000 });
    const busy = await runner();
    await busy.says('Running job');
    expect(await statusOf(`POST ${base}/runs/${job.run_id}/force-cancel`)).toBe(202);
    expect(await ask(`GET ${base}/runs/${job.run_id}`)).toMatchObject({
      status: 'completed',
      conclusion: 'cancelled',
    });
    expect(await ask(`GET ${base}/jobs/${job.id}`)).toMatchObject({ conclusion: 'cancelled' });
  });

  it('is run again as another attempt with new jobs', async () => {
    const first = await queueJob({ conclusion: 'failure' });
    const { run_id: id } = first;
    expect(await statusOf(`POST ${base}/runs/${id}/rerun`)).toBe(403);
    await (await runner()).ended;
    expect(await statusOf(`POST ${base}/runs/${id}/rerun`)).toBe(201);

    expect(await ask(`GET ${base}/runs/${id}`)).toMatchObject({
      run_attempt: 2,
      status: 'queued',
      previous_attempt_url: `${simulator.url}${base}/runs/${id}/attempts/1`,
    });
    expect(await ask(`GET ${base}/runs/${id}/attempts/1`)).toMatchObject({
      run_attempt: 1,
      conclusion: 'failure',
    });
    const { jobs } = await ask(`GET ${base}/runs/${id}/jobs`);
    expect(jobs).toMatchObject([{ run_attempt: 2, status: 'queued', run_id: id }]);
    expect(jobs[0].id).toBeGreaterThan(first.id);
    expect(await ask(`GET ${base}/runs/${id}/jobs?filter=all`)).toMatchObject({ total_count: 2 });
    expect(await ask(`GET ${base}/runs/${id}/attempts/1/jobs`)).toMatchObject({ jobs: [{ id: first.id }] });
    expect(await statusOf(`GET ${base}/runs/${id}/attempts/3`)).toBe(404);
    expect(await statusOf(`GET ${base}/runs/${id}/attempts/3/jobs`)).toBe(404);
    await (await runner()).ended;
    expect(await ask(`GET ${base}/jobs/${jobs[0].id}`)).toMatchObject({
      run_attempt: 2,
      status: 'completed',
    });
  });

  it('repeats the failed jobs alone, and the completed of the others may be told again', async () => {
    const good = await queueJob({ labels: ['good'] });
    const { run_id: id } = good;
    const bad = await queueJob({ labels: ['bad'], conclusion: 'failure', run_id: id });
    await (await runner(['good'])).ended;
    await (await runner(['bad'])).ended;
    await told(id, 8);
    receiver.forget();
    expect(await statusOf(`POST ${base}/runs/${id}/rerun-failed-jobs`)).toBe(201);
    const { jobs } = await ask(`GET ${base}/runs/${id}/jobs`);
    expect(jobs).toMatchObject([
      { id: good.id, run_attempt: 1 },
      { run_attempt: 2, status: 'queued', labels: ['bad'] },
    ]);
    expect(await told(id, 3)).toEqual(expect.arrayContaining([`job completed 1 ${good.id}`]));

    await (await runner(['bad'])).ended;
    expect(await statusOf(`POST ${base}/jobs/${good.id}/rerun`)).toBe(201);
    const { jobs: third } = await ask(`GET ${base}/runs/${id}/attempts/3/jobs`);
    expect(third).toMatchObject([{ labels: ['good'], status: 'queued' }]);
    expect(await statusOf(`POST ${base}/jobs/${bad.id + 1000}/rerun`)).toBe(404);
  });
});

describe('repositories', () => {
  it('are those that were heard of', async () => {
    await queueJob({ repository: 'Heard.Of', conclusion: 'skipped' });
    const { repositories, total_count } = await ask('GET /installation/repositories');
    expect(repositories.map(({ name }: { name: string }) => name)).toContain('Heard.Of');
    expect(total_count).toBe(repositories.length);
    expect(await ask(`GET /repos/${org}/heard.of`)).toMatchObject({ name: 'Heard.Of', private: true });
    expect(await statusOf(`GET /repos/${org}/never-heard-of`)).toBe(404);
    expect(await statusOf(`GET /repos/${org}/never-heard-of/actions/runs`)).toBe(404);
    expect(await statusOf(`GET /repos/${org}/heard.of/actions/runs`)).toBe(200);
  });
});
