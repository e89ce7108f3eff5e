import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/core';
import { admin, type QueuedJob } from './admin.js';
import { readAnswered, readDescription } from './github-description/description.js';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import { asInstallation, octokitApp } from './octokit-app.js';
import type { StartedSimulator } from './src/index.js';
import { type ReceivedHook, webhookReceiver } from './webhook-receiver.js';

const startSimulator = simulatorsHeldToDescriptions();
const { events } = readAnswered();
const org = 'octo-org';

/** Every operation and event once, as it succeeds: what is described is really answered, and fits. */
describe.each([
  ['github.com', 'api.github.com', ''],
  ['ghes', 'ghes-3.19', '/api/v3'],
] as const)('every operation of %s', (flavour, described, base) => {
  const { operations } = readDescription(described);
  let receiver: Awaited<ReturnType<typeof webhookReceiver>>;
  let simulator: StartedSimulator;
  let app: Octokit;
  let installation: Octokit;

  beforeAll(async () => {
    receiver = await webhookReceiver();
    simulator = await startSimulator({ hook: { url: receiver.url, secret: 'secret' } });
    simulator.switches.patch({ flavour, hooks: { workflow_run_events: true } });
    const at = { ...simulator, url: simulator.url + base };
    app = octokitApp(at).octokit;
    installation = await asInstallation(at);
  });
  afterAll(async () => {
    await simulator.stop();
    await receiver.stop();
  });

  // The route is a parameter: the types of Octokit know github.com only.
  const ask = async (route: string, parameters: object = {}) =>
    (await installation.request(route, { ...parameters })).data;
  const askAsApp = async (route: string, parameters: object = {}) =>
    (await app.request(route, { ...parameters })).data;

  it('for the App', async () => {
    await askAsApp('GET /app');
    await askAsApp('GET /app/installations');
    await askAsApp('GET /app/installations/5678');
    await askAsApp(`GET /orgs/${org}/installation`);
    await askAsApp('GET /app/hook/config');
    await askAsApp('PATCH /app/hook/config', { content_type: 'json' });
    const { token } = await askAsApp('POST /app/installations/5678/access_tokens', {
      permissions: { metadata: 'read' },
    });
    const revoked = await fetch(`${simulator.url}${base}/installation/token`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(revoked.status).toBe(204);
    await ask('GET /installation/repositories');
    await ask(`GET /repos/${org}/demo`);
  });

  it('for runners', async () => {
    const runners = `/orgs/${org}/actions/runners`;
    const { runner } = await ask(`POST ${runners}/generate-jitconfig`, {
      name: 'one',
      runner_group_id: 1,
      labels: ['self-hosted', 'gpu'],
      work_folder: '_work',
    });
    await ask(`GET ${runners}?name=one&per_page=5&page=1`);
    await ask(`GET ${runners}/downloads`);
    await ask(`GET ${runners}/${runner.id}`);
    await ask(`GET ${runners}/${runner.id}/labels`);
    await ask(`POST ${runners}/${runner.id}/labels`, { labels: ['a'] });
    await ask(`PUT ${runners}/${runner.id}/labels`, { labels: ['a', 'b'] });
    await ask(`DELETE ${runners}/${runner.id}/labels/a`);
    await ask(`DELETE ${runners}/${runner.id}/labels`);
    await ask(`DELETE ${runners}/${runner.id}`);
    await ask(`POST ${runners}/registration-token`);
    await ask(`POST ${runners}/remove-token`);
  });

  it('for runner groups', async () => {
    const groups = `/orgs/${org}/actions/runner-groups`;
    const { runner } = await ask(`POST /orgs/${org}/actions/runners/generate-jitconfig`, {
      name: 'two',
      runner_group_id: 1,
      labels: ['gpu'],
    });
    const { id: repository } = await ask(`GET /repos/${org}/demo`);
    const { id } = await ask(`POST ${groups}`, { name: 'some', visibility: 'selected' });
    await ask(`GET ${groups}`);
    await ask(`GET ${groups}/${id}`);
    await ask(`PATCH ${groups}/${id}`, { name: 'other', allows_public_repositories: true });
    await ask(`PUT ${groups}/${id}/repositories`, { selected_repository_ids: [] });
    await ask(`PUT ${groups}/${id}/repositories/${repository}`);
    await ask(`GET ${groups}/${id}/repositories`);
    await ask(`DELETE ${groups}/${id}/repositories/${repository}`);
    await ask(`PUT ${groups}/${id}/runners`, { runners: [] });
    await ask(`PUT ${groups}/${id}/runners/${runner.id}`);
    await ask(`GET ${groups}/${id}/runners`);
    await ask(`DELETE ${groups}/${id}/runners/${runner.id}`);
    const hosted = await ask(`GET ${groups}/${id}/hosted-runners`).catch(({ status }) => status);
    expect(hosted).toEqual(flavour === 'ghes' ? 404 : { total_count: 0, runners: [] });
    await ask(`DELETE ${groups}/${id}`);
  });

  it('for jobs and runs', async () => {
    const actions = `/repos/${org}/demo/actions`;
    const queue = () => admin<QueuedJob>(simulator, 'POST', '/jobs', { labels: ['nobody'] });
    const { id, run_id } = await queue();
    await ask(`GET ${actions}/jobs/${id}`);
    await ask(`GET ${actions}/runs?status=queued`);
    await ask(`GET ${actions}/runs/${run_id}`);
    await ask(`GET ${actions}/runs/${run_id}/jobs?filter=latest`);
    await ask(`GET ${actions}/runs/${run_id}/attempts/1`);
    await ask(`GET ${actions}/runs/${run_id}/attempts/1/jobs`);
    await ask(`POST ${actions}/runs/${run_id}/cancel`);
    await ask(`POST ${actions}/runs/${run_id}/rerun`);
    await ask(`POST ${actions}/runs/${run_id}/force-cancel`);
    await ask(`POST ${actions}/runs/${run_id}/rerun-failed-jobs`);
    await ask(`POST ${actions}/runs/${run_id}/cancel`);
    await ask(`POST ${actions}/jobs/${id}/rerun`);
  });

  it('for deliveries', async () => {
    let [delivery] = await askAsApp('GET /app/hook/deliveries');
    while (!delivery) [delivery] = await askAsApp('GET /app/hook/deliveries?status=success');
    await askAsApp(`GET /app/hook/deliveries/${delivery.id}`);
    await askAsApp(`POST /app/hook/deliveries/${delivery.id}/attempts`);
    await askAsApp('PATCH /app/hook/config', { data: { url: `${receiver.url}?again` } });
    const eventOf = ({ headers }: ReceivedHook) => String(headers['x-github-event']);
    const [hook] = await receiver.until((all) => events.every((event) => all.map(eventOf).includes(event)));
    expect([hook?.headers['x-github-enterprise-version'], hook?.headers['x-github-enterprise-host']]).toEqual(
      flavour === 'ghes' ? ['3.19.0', new URL(simulator.url).host] : [undefined, undefined],
    );
  });

  it('shows deliveries as long as GitHub does', async () => {
    const [oldest] = (await askAsApp('GET /app/hook/deliveries?per_page=100')).slice(-1);
    simulator.switches.patch({ clock_skew_seconds: 5 * 86_400 });
    // Another Octokit: it remembers for good how far apart the clocks are.
    const later = octokitApp({ ...simulator, url: simulator.url + base }).octokit;
    const { status } = await later
      .request(`GET /app/hook/deliveries/${oldest.id}`)
      .catch(({ response }) => response);
    expect(status).toBe(flavour === 'ghes' ? 200 : 404);
    simulator.switches.patch({ clock_skew_seconds: 0 });
  });

  it('for limits', async () => {
    const limits = await installation.request('GET /rate_limit').catch(({ response }) => response);
    expect(limits).toMatchObject(
      flavour === 'ghes'
        ? { status: 404, data: { message: 'Rate limiting is not enabled.' } }
        : { status: 200, headers: { 'x-ratelimit-limit': '1000000' } },
    );
    simulator.switches.patch({ rate_limit: { enabled: true } });
    await ask('GET /rate_limit');
    const newer = { headers: { 'x-github-api-version': '2026-03-10' } };
    if (flavour === 'github.com')
      expect(Object.keys(await ask('GET /rate_limit', newer))).toEqual(['resources']);
  });

  it('and none is left out', () => {
    const counts = simulator.calls.counts();
    const succeeded = Object.entries(counts)
      .filter(([, { by_status }]) => Object.keys(by_status).some((status) => Number(status) < 300))
      .map(([operation]) => operation);
    expect(succeeded.sort()).toEqual(Object.keys(operations).sort());
  });

  it('is refused as GitHub refuses', async () => {
    const runners = `/orgs/${org}/actions/runners`;
    const jitConfig = `POST ${runners}/generate-jitconfig`;
    const order = { name: 'taken', runner_group_id: 1, labels: ['x'] };
    const refusal = (route: string, parameters: object = {}) =>
      installation.request(route, { ...parameters }).then(
        () => 'an answer',
        ({ status }) => status,
      );
    await ask(jitConfig, order);
    expect(await refusal(jitConfig, order)).toBe(409);
    expect(await refusal(jitConfig, { ...order, name: 'other', labels: [] })).toBe(422);
    expect(await refusal(jitConfig, { ...order, name: 'other', runner_group_id: 99 })).toBe(404);
    expect(await refusal(jitConfig, { ...order, name: 'other', runner_group_id: 2 })).toBe(403);
    expect(await refusal(`DELETE ${runners}/1`)).toBe(404);
    expect(await refusal('GET /orgs/elsewhere/actions/runners')).toBe(404);
    const stranger = { headers: { authorization: 'Bearer ghs_nobody' } };
    expect((await fetch(simulator.url + base + runners, stranger)).status).toBe(401);
    const version = { headers: { 'x-github-api-version': '1999-12-31' } };
    expect(await refusal(`GET ${runners}`, version)).toBe(400);
    for (const status of [500, 502, 503, 504, 'secondary_rate_limit']) {
      simulator.switches.patch({ failures: [{ status, next: 1 }] });
      expect(await refusal(`GET ${runners}`)).toBe(status === 'secondary_rate_limit' ? 403 : status);
    }
    const { etag } = (await installation.request(`GET ${runners}`)).headers;
    expect(await refusal(`GET ${runners}`, { headers: { 'if-none-match': etag } })).toBe(304);
  });

  it('names addresses below its own base', async () => {
    const { runner_groups } = await ask(`GET /orgs/${org}/actions/runner-groups`);
    expect(runner_groups[0].runners_url).toBe(
      `${simulator.url}${base}/orgs/${org}/actions/runner_groups/1/runners`,
    );
    const { data } = await installation
      .request(`GET /orgs/${org}/actions/runners/1`)
      .catch(({ response }) => response);
    expect(data.documentation_url).toBe(operations['actions/get-self-hosted-runner-for-org']?.documentation);
  });
});
