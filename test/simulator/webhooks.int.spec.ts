import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhooks } from '@octokit/webhooks';
import { admin, type QueuedJob } from './admin.js';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import { asInstallation, octokitApp } from './octokit-app.js';
import type { StartedSimulator } from './src/index.js';
import { type ReceivedHook, webhookReceiver } from './webhook-receiver.js';

const startSimulator = simulatorsHeldToDescriptions();
const org = 'octo-org';
const secret = "It's a Secret to Everybody";

let receiver: Awaited<ReturnType<typeof webhookReceiver>>;
let simulator: StartedSimulator;
let app: ReturnType<typeof octokitApp>['octokit'];

beforeAll(async () => {
  receiver = await webhookReceiver();
  simulator = await startSimulator({ hook: { url: receiver.url, secret } });
  app = octokitApp(simulator).octokit;
});
afterAll(async () => {
  await simulator.stop();
  await receiver.stop();
});
beforeEach(() => {
  simulator.switches.reset();
  receiver.forget();
  receiver.answerWith(202);
});

const queueJob = (job: { labels: string[]; conclusion?: string }) =>
  admin<QueuedJob>(simulator, 'POST', '/jobs', job);

const guidOf = (hook: ReceivedHook | undefined) => String(hook?.headers['x-github-delivery']);

/** The first webhooks about a job, once there are so many. */
const jobEvents = async (id: number, count: number) => {
  const about = ({ body }: ReceivedHook) => JSON.parse(body).workflow_job?.id === id;
  return (await receiver.until((all) => all.filter(about).length >= count)).filter(about);
};

interface Listed {
  id: number;
  guid: string;
  status: string;
  status_code: number;
  redelivery: boolean;
}

/** The newest entry of the log about an event, once there is one. */
const logged = async (guid: string, fits: (each: Listed) => boolean = () => true): Promise<Listed> => {
  for (;;) {
    const { data } = await app.request('GET /app/hook/deliveries', { per_page: 100 });
    const found = (data as Listed[]).find((each) => each.guid === guid && fits(each));
    if (found) return found;
  }
};

describe('webhooks', () => {
  it('are signed over the raw body, with the headers GitHub sends', async () => {
    const { id } = await queueJob({ labels: ['Grün'], conclusion: 'skipped' });
    const [hook] = await jobEvents(id, 1);
    expect(hook?.headers).toMatchObject({
      accept: '*/*',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\/[0-9a-f]{7}$/),
      'x-github-event': 'workflow_job',
      'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-github-hook-id': '42',
      'x-github-hook-installation-target-id': '1234',
      'x-github-hook-installation-target-type': 'integration',
      'x-hub-signature': expect.stringMatching(/^sha1=[0-9a-f]{40}$/),
    });
    const webhooks = new Webhooks({ secret });
    const signature = String(hook?.headers['x-hub-signature-256']);
    expect(await webhooks.verify(hook?.body ?? '', signature)).toBe(true);
    expect(await webhooks.verify(`${hook?.body} `, signature)).toBe(false);
  });

  it('carry exactly the members GitHub sends', async () => {
    const { id } = await queueJob({ labels: ['x'] });
    const [hook] = await jobEvents(id, 1);
    const payload = JSON.parse(hook?.body ?? '{}');
    expect(Object.keys(payload).sort()).toEqual([
      'action',
      'installation',
      'organization',
      'repository',
      'sender',
      'workflow_job',
    ]);
    expect(Object.keys(payload.workflow_job).sort()).toEqual([
      'check_run_url',
      'completed_at',
      'conclusion',
      'created_at',
      'head_branch',
      'head_sha',
      'html_url',
      'id',
      'labels',
      'name',
      'node_id',
      'run_attempt',
      'run_id',
      'run_url',
      'runner_group_id',
      'runner_group_name',
      'runner_id',
      'runner_name',
      'started_at',
      'status',
      'steps',
      'url',
      'workflow_name',
    ]);
    expect(payload.repository).toMatchObject({ full_name: 'octo-org/demo', owner: { login: org } });
    expect(Object.keys(payload.repository)).toHaveLength(80);
    expect(payload.installation).toEqual({ id: 5678, node_id: expect.any(String) });
  });

  it('that failed are in the log and are sent again, under the same GUID, on request only', async () => {
    receiver.answerWith(500);
    const { id } = await queueJob({ labels: ['x'] });
    const [first] = await jobEvents(id, 1);
    const guid = guidOf(first);
    const delivery = await logged(guid);
    expect(delivery).toMatchObject({
      redelivery: false,
      status: 'Invalid HTTP Response: 500',
      status_code: 500,
      duration: expect.any(Number),
      event: 'workflow_job',
      action: 'queued',
      installation_id: 5678,
    });
    const filtered = async (status: 'success' | 'failure') =>
      (await app.request('GET /app/hook/deliveries', { status })).data.map((each) => each.guid);
    expect(await filtered('failure')).toContain(guid);
    expect(await filtered('success')).not.toContain(guid);

    receiver.answerWith(200);
    const { status } = await app.request('POST /app/hook/deliveries/{delivery_id}/attempts', {
      delivery_id: delivery.id,
    });
    expect(status).toBe(202);
    const [, again] = await jobEvents(id, 2);
    expect(guidOf(again)).toBe(guid);
    expect(again?.body).toBe(first?.body);
    const second = await logged(guid, ({ redelivery }) => redelivery);
    expect(second).toMatchObject({ status: 'OK', status_code: 200 });
    expect(second.id).toBeGreaterThan(delivery.id);

    const { data: detail } = await app.request('GET /app/hook/deliveries/{delivery_id}', {
      delivery_id: delivery.id,
    });
    expect(detail).toMatchObject({
      url: receiver.url,
      request: { headers: { 'X-GitHub-Delivery': guid }, payload: { action: 'queued' } },
      response: { payload: 'thanks' },
    });
  });

  it('are listed page by page, newest first', async () => {
    const events = await Promise.all([1, 2, 3].map(() => queueJob({ labels: ['x'] })));
    const hooks = await receiver.until((all) => all.length >= events.length);
    for (const hook of hooks) await logged(guidOf(hook));
    const ids: number[] = [];
    let address = '/app/hook/deliveries?per_page=1';
    while (ids.length < 3) {
      const { headers, data } = await app.request(`GET ${address}`);
      expect(data).toHaveLength(1);
      ids.push(data[0].id);
      address = /<([^>]+)>; rel="next"/.exec(headers.link ?? '')?.[1] ?? '';
    }
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    await expect(app.request('GET /app/hook/deliveries', { cursor: 'made-up' })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('nobody answers in time have failed, though no filter shows them', async () => {
    simulator.switches.patch({ hooks: { timeout_ms: 30 } });
    receiver.answerWith('never');
    const { id } = await queueJob({ labels: ['x'] });
    const [hook] = await jobEvents(id, 1);
    const delivery = await logged(guidOf(hook));
    expect(delivery).toMatchObject({ status: 'timed out', status_code: 0 });
    for (const status of ['success', 'failure'] as const) {
      const { data } = await app.request('GET /app/hook/deliveries', { status });
      expect(data.map(({ guid }) => guid)).not.toContain(delivery.guid);
    }
    const { data } = await app.request('GET /app/hook/deliveries/{delivery_id}', {
      delivery_id: delivery.id,
    });
    expect(data.response).toEqual({ headers: {}, payload: null });
  });

  it('are kept for three days of its clock', async () => {
    const { id } = await queueJob({ labels: ['x'] });
    const [hook] = await jobEvents(id, 1);
    const { id: delivery_id } = await logged(guidOf(hook));
    simulator.switches.patch({ clock_skew_seconds: 3 * 86_400 - 60 });
    expect((await app.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id })).status).toBe(200);
    simulator.switches.patch({ clock_skew_seconds: 3 * 86_400 + 60 });
    const { data } = await app.request('GET /app/hook/deliveries', { per_page: 100 });
    expect(data.map((each) => each.id)).not.toContain(delivery_id);
    for (const route of [
      'GET /app/hook/deliveries/{delivery_id}',
      'POST /app/hook/deliveries/{delivery_id}/attempts',
    ]) {
      await expect(app.request(route, { delivery_id })).rejects.toMatchObject({ status: 404 });
    }
  });

  it('begin with a ping where the address was changed', async () => {
    const elsewhere = await webhookReceiver();
    await app.request('PATCH /app/hook/config', {
      data: { url: elsewhere.url, content_type: 'form' },
    });
    const [ping] = await elsewhere.until((all) => all.length > 0);
    expect(ping?.headers).toMatchObject({
      'x-github-event': 'ping',
      'content-type': 'application/x-www-form-urlencoded',
    });
    const payload = JSON.parse(new URLSearchParams(ping?.body).get('payload') ?? '');
    expect(payload).toMatchObject({ hook_id: 42, hook: { type: 'App', app_id: 1234, active: true } });
    expect(payload.hook.config.secret).toBe('********');
    const webhooks = new Webhooks({ secret });
    expect(await webhooks.verify(ping?.body ?? '', String(ping?.headers['x-hub-signature-256']))).toBe(true);

    await app.request('PATCH /app/hook/config', {
      data: { url: receiver.url, content_type: 'json' },
    });

    const pings = (count: number) =>
      receiver.until(
        (all) => all.filter(({ headers }) => headers['x-github-event'] === 'ping').length === count,
      );
    await pings(1);
    await admin(simulator, 'POST', '/ping');
    await pings(2);
    await elsewhere.stop();
  });

  it('go where the configuration says, signed with its secret', async () => {
    const { data } = await app.request('PATCH /app/hook/config', { secret: 'rotated' });
    expect(data).toEqual({ content_type: 'json', insecure_ssl: '0', secret: '********', url: receiver.url });
    const { id } = await queueJob({ labels: ['x'] });
    const [hook] = await jobEvents(id, 1);
    const webhooks = new Webhooks({ secret: 'rotated' });
    expect(await webhooks.verify(hook?.body ?? '', String(hook?.headers['x-hub-signature-256']))).toBe(true);
    await app.request('PATCH /app/hook/config', { secret });
  });

  it('can be late, and overtake one another', async () => {
    simulator.switches.patch({ hooks: { delay_ms: 40, shuffle_ms: 40 } });
    const sent = Date.now();
    const ids: number[] = [];
    for (let count = 0; count < 8; count += 1) ids.push((await queueJob({ labels: ['x'] })).id);
    const all = await receiver.until((hooks) => hooks.length >= ids.length);
    expect(Date.now() - sent).toBeGreaterThanOrEqual(40);
    expect(all.map(({ body }) => JSON.parse(body).workflow_job.id).sort()).toEqual(ids);
  });

  it('can be doubled, repeated, lost, and sent for runners', async () => {
    simulator.switches.patch({ hooks: { duplicate_rate: 1 } });
    const { id } = await queueJob({ labels: ['x'] });
    const [one, two] = await jobEvents(id, 2);
    expect(one?.body).toBe(two?.body);
    expect(one?.headers['x-github-delivery']).not.toBe(two?.headers['x-github-delivery']);

    simulator.switches.patch({ hooks: { duplicate_rate: 0, repeat_rate: 1 } });
    const repeated = await queueJob({ labels: ['x'] });
    const [original, repeat] = await jobEvents(repeated.id, 2);
    expect(repeat?.body).toBe(original?.body);
    expect(guidOf(repeat)).toBe(guidOf(original));

    simulator.switches.patch({ hooks: { repeat_rate: 0, drop_rate: 1 } });
    const lost = await queueJob({ labels: ['x'] });
    simulator.switches.patch({ hooks: { drop_rate: 0, self_hosted_runner_events: true } });
    const octokit = await asInstallation(simulator);
    const { data } = await octokit.request('POST /orgs/{org}/actions/runners/generate-jitconfig', {
      org,
      name: 'announced',
      runner_group_id: 1,
      labels: ['x'],
    });
    const all = await receiver.until((hooks) => hooks.some(({ body }) => body.includes('"registered"')));
    expect(all.some(({ body }) => body.includes(`"id":${lost.id},`))).toBe(false);
    expect(JSON.parse(all.at(-1)?.body ?? '{}')).toMatchObject({
      runner: { id: data.runner.id, status: 'offline' },
    });
  });
});
