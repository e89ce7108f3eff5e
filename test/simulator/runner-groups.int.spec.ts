import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/core';
import { admin, type QueuedJob } from './admin.js';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import { asInstallation } from './octokit-app.js';
import { interruptRunners, started } from './runner-in-process.js';
import type { StartedSimulator } from './src/index.js';
import { unpackJitConfig } from './src/runner/runner-settings.js';

const startSimulator = simulatorsHeldToDescriptions();
const org = 'octo-org';
const groups = `/orgs/${org}/actions/runner-groups`;

let simulator: StartedSimulator;
let octokit: Octokit;
let serial = 0;

beforeAll(async () => {
  simulator = await startSimulator();
  simulator.switches.patch({ job: { duration_ms: 10 } });
  octokit = await asInstallation(simulator);
});
afterAll(() => simulator.stop());
afterEach(interruptRunners);

const uniqueName = (prefix: string) => {
  serial += 1;
  return `${prefix}-${serial}`;
};

const ask = async (route: string, body: Record<string, unknown> = {}) =>
  (await octokit.request(route, body)).data;

const refusal = (route: string, body: Record<string, unknown> = {}) =>
  octokit.request(route, body).then(
    () => 'an answer',
    ({ response }) => ({ status: response.status, message: response.data.message }),
  );

const newGroup = (settings: object = {}) => ask(`POST ${groups}`, { name: uniqueName('group'), ...settings });

const jitRunner = async (runner_group_id: number, labels = ['self-hosted', 'gpu']) => {
  const { runner, encoded_jit_config } = await ask(`POST /orgs/${org}/actions/runners/generate-jitconfig`, {
    name: uniqueName('runner'),
    runner_group_id,
    labels,
  });
  return { id: runner.id as number, settings: unpackJitConfig(encoded_jit_config) };
};

const groupOfRunner = async (id: number) =>
  (await ask(`GET /orgs/${org}/actions/runners/${id}`)).runner_group_id;

const repository = async (name: string, visibility = 'private') =>
  (await admin<{ id: number }>(simulator, 'POST', '/repositories', { name, visibility })).id;

const queueJob = (job: object) => admin<QueuedJob>(simulator, 'POST', '/jobs', { labels: ['gpu'], ...job });

const holderOf = async (job: QueuedJob, name = 'demo') => {
  const { status, runner_id } = await ask(`GET /repos/${org}/${name}/actions/jobs/${job.id}`);
  return status === 'queued' ? 'nobody' : runner_id;
};

describe('a runner group', () => {
  it('must be there for runners from elsewhere to be in it', async () => {
    const foreign = (runner_group_id: number) =>
      admin<{ runners: { id: number }[] }>(simulator, 'POST', '/runners', { runner_group_id });
    await expect(foreign(9999)).rejects.toThrow('404');
    const { id } = await newGroup();
    expect((await foreign(id)).runners).toHaveLength(1);
    expect((await ask(`GET ${groups}/${id}/runners`)).total_count).toBe(1);
  });

  it('is made, shown, changed and deleted', async () => {
    const group = await newGroup({ name: 'Special', visibility: 'selected' });
    expect(group).toEqual({
      id: expect.any(Number),
      name: 'Special',
      visibility: 'selected',
      selected_repositories_url: `${simulator.url}/orgs/${org}/actions/runner_groups/${group.id}/repositories`,
      default: false,
      runners_url: `${simulator.url}/orgs/${org}/actions/runner_groups/${group.id}/runners`,
      inherited: false,
      allows_public_repositories: false,
      restricted_to_workflows: false,
      selected_workflows: [],
      workflow_restrictions_read_only: false,
    });
    expect(group.id).toBeGreaterThan(2);
    expect(await ask(`GET ${groups}/${group.id}`)).toEqual(group);

    const changed = await ask(`PATCH ${groups}/${group.id}`, {
      name: 'Renamed',
      visibility: 'all',
      allows_public_repositories: true,
      restricted_to_workflows: true,
      selected_workflows: ['octo-org/demo/.github/workflows/ci.yml@main'],
      network_configuration_id: 'net-1',
    });
    const { selected_repositories_url: _, ...rest } = group;
    expect(changed).toEqual({
      ...rest,
      name: 'Renamed',
      visibility: 'all',
      allows_public_repositories: true,
      restricted_to_workflows: true,
      selected_workflows: ['octo-org/demo/.github/workflows/ci.yml@main'],
      network_configuration_id: 'net-1',
    });

    const { status } = await octokit.request(`DELETE ${groups}/${group.id}`);
    expect(status).toBe(204);
    expect(await refusal(`GET ${groups}/${group.id}`)).toEqual({ status: 404, message: 'Not Found' });
  });

  it('leaves its runners to the default group', async () => {
    const group = await newGroup();
    const { id } = await jitRunner(group.id);
    expect(await groupOfRunner(id)).toBe(group.id);
    await octokit.request(`DELETE ${groups}/${group.id}`);
    expect(await groupOfRunner(id)).toBe(1);
  });

  it('takes runners from other groups and gives them back', async () => {
    const [one, two] = [await jitRunner(1), await jitRunner(1)];
    const group = await newGroup({ runners: [one.id] });
    const members = async () =>
      (await ask(`GET ${groups}/${group.id}/runners`)).runners.map(({ id }: { id: number }) => id);
    expect(await members()).toEqual([one.id]);
    await ask(`PUT ${groups}/${group.id}/runners/${two.id}`);
    expect(await members()).toEqual([one.id, two.id]);
    await ask(`PUT ${groups}/${group.id}/runners`, { runners: [two.id] });
    expect(await members()).toEqual([two.id]);
    expect(await groupOfRunner(one.id)).toBe(1);
    await ask(`DELETE ${groups}/${group.id}/runners/${two.id}`);
    expect(await groupOfRunner(two.id)).toBe(1);
    expect(await ask(`GET ${groups}/${group.id}/runners`)).toEqual({ total_count: 0, runners: [] });
    expect(await ask(`GET ${groups}/${group.id}/hosted-runners`)).toEqual({ total_count: 0, runners: [] });
  });

  it('lists, sets, adds and removes the repositories that may use it', async () => {
    const ids = [await repository('one'), await repository('two'), await repository('three')];
    const group = await newGroup({ visibility: 'selected', selected_repository_ids: [ids[0]] });
    const names = async () => {
      const { total_count, repositories } = await ask(`GET ${groups}/${group.id}/repositories`);
      expect(total_count).toBe(repositories.length);
      return repositories.map(({ name }: { name: string }) => name);
    };
    expect(await names()).toEqual(['one']);
    await ask(`PUT ${groups}/${group.id}/repositories`, { selected_repository_ids: [ids[1], ids[1]] });
    expect(await names()).toEqual(['two']);
    await ask(`PUT ${groups}/${group.id}/repositories/${ids[2]}`);
    expect(await names()).toEqual(['two', 'three']);
    await ask(`DELETE ${groups}/${group.id}/repositories/${ids[1]}`);
    expect(await names()).toEqual(['three']);
  });

  it('is listed for the repositories that see it', async () => {
    await repository('open', 'public');
    const chosen = await repository('chosen');
    const all = await newGroup({ visibility: 'all' });
    const publicToo = await newGroup({ visibility: 'all', allows_public_repositories: true });
    const selected = await newGroup({ visibility: 'selected', selected_repository_ids: [chosen] });
    const privates = await newGroup({ visibility: 'private', allows_public_repositories: true });
    const seen = async (name: string) => {
      const { runner_groups } = await ask(`GET ${groups}`, { visible_to_repository: name, per_page: 100 });
      const mine = [all, publicToo, selected, privates].map(({ id }) => id);
      return runner_groups.map(({ id }: { id: number }) => id).filter((id: number) => mine.includes(id));
    };
    expect(await seen('open')).toEqual([publicToo.id]);
    expect(await seen('octo-org/chosen')).toEqual([all.id, publicToo.id, selected.id, privates.id]);
    expect(await seen('demo')).toEqual([all.id, publicToo.id, privates.id]);
  });

  it('refuses what cannot be', async () => {
    const { id, name } = await newGroup();
    expect(await refusal(`POST ${groups}`)).toEqual({
      status: 422,
      message: 'Invalid input: object is missing required key: name',
    });
    expect(await refusal(`POST ${groups}`, { name: 'x', visibility: 'some' })).toMatchObject({
      status: 422,
      message: expect.stringContaining('`some` is not a possible value'),
    });
    expect(await refusal(`POST ${groups}`, { name: name.toUpperCase() })).toMatchObject({ status: 409 });
    expect(await refusal(`POST ${groups}`, { name: 'x', runners: [99] })).toMatchObject({ status: 404 });
    expect(await refusal(`PATCH ${groups}/${id}`, { visibility: 'all' })).toMatchObject({ status: 422 });
    expect(await refusal(`PATCH ${groups}/1`, { name })).toMatchObject({ status: 409 });
    expect(await refusal(`DELETE ${groups}/1`)).toMatchObject({ status: 422 });
    expect(await refusal(`DELETE ${groups}/2`)).toEqual({
      status: 403,
      message: 'GitHub hosted runner groups cannot be modified',
    });
    expect(await refusal(`PUT ${groups}/${id}/runners/99`)).toMatchObject({ status: 404 });
    expect(await refusal(`PUT ${groups}/${id}/repositories/99`)).toMatchObject({ status: 404 });
    const demo = (await ask(`GET /repos/${org}/demo`)).id;
    expect(await refusal(`PUT ${groups}/${id}/repositories/${demo}`)).toMatchObject({ status: 409 });
  });
});

describe('a job', () => {
  it('goes only to runners whose group admits its repository', async () => {
    const elsewhere = await repository('elsewhere');
    const group = await newGroup({ visibility: 'selected', selected_repository_ids: [elsewhere] });
    const outsider = await jitRunner(group.id, ['gpu', 'only-here']);
    const runner = started(outsider.settings);
    await runner.says('Listening');
    const refused = await queueJob({ labels: ['only-here'] });
    const admitted = await queueJob({ labels: ['only-here'], repository: 'elsewhere' });
    expect(await runner.ended).toBe(0);
    expect(await holderOf(admitted, 'elsewhere')).toBe(outsider.id);
    expect(await holderOf(refused)).toBe('nobody');
  });

  it('starts as soon as a group comes to admit it', async () => {
    const group = await newGroup({ visibility: 'selected' });
    const { id, settings } = await jitRunner(group.id, ['later']);
    const runner = started(settings);
    await runner.says('Listening');
    const job = await queueJob({ labels: ['later'] });
    expect(await holderOf(job)).toBe('nobody');
    await ask(`PATCH ${groups}/${group.id}`, { name: group.name, visibility: 'private' });
    expect(await runner.ended).toBe(0);
    expect(await holderOf(job)).toBe(id);
  });

  it('of a public repository needs a group that allows those', async () => {
    await repository('shown', 'public');
    const group = await newGroup();
    const { id, settings } = await jitRunner(group.id, ['public']);
    const runner = started(settings);
    await runner.says('Listening');
    const job = await queueJob({ labels: ['public'], repository: 'shown' });
    expect(await holderOf(job, 'shown')).toBe('nobody');
    await ask(`PATCH ${groups}/${group.id}`, { name: group.name, allows_public_repositories: true });
    expect(await runner.ended).toBe(0);
    expect(await holderOf(job, 'shown')).toBe(id);
  });

  it('of another workflow is not for a restricted group', async () => {
    const group = await newGroup({
      restricted_to_workflows: true,
      selected_workflows: [`${org}/demo/.github/workflows/deploy.yml@refs/heads/main`],
    });
    const { id, settings } = await jitRunner(group.id, ['restricted']);
    const runner = started(settings);
    await runner.says('Listening');
    const other = await queueJob({ labels: ['restricted'] });
    const deploy = await queueJob({ labels: ['restricted'], workflow_name: 'Deploy' });
    expect(await runner.ended).toBe(0);
    expect(await holderOf(deploy)).toBe(id);
    expect(await holderOf(other)).toBe('nobody');
  });

  it('may name its runner group, and then needs no label', async () => {
    const group = await newGroup();
    const [inside, outside] = [await jitRunner(group.id, ['x1']), await jitRunner(1, ['x1'])];
    const runners = [started(outside.settings), started(inside.settings)];
    await Promise.all(runners.map(({ says }) => says('Listening')));
    const job = await queueJob({ labels: [], runner_group: group.name });
    expect(await runners[1]?.ended).toBe(0);
    expect(await holderOf(job)).toBe(inside.id);
  });
});
