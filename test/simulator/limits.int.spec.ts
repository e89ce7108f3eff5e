import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/core';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import { asInstallation } from './octokit-app.js';
import type { StartedSimulator } from './src/index.js';
import { register } from './src/runner/register.js';

const startSimulator = simulatorsHeldToDescriptions();
const org = 'octo-org';
const list = `GET /orgs/${org}/actions/runners`;
const jit = `POST /orgs/${org}/actions/runners/generate-jitconfig`;

let simulator: StartedSimulator;
let octokit: Octokit;
let serial = 0;
let skewSeconds = 0;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  // Every test in a window of its own.
  skewSeconds += 4000;
  simulator.switches.reset();
  simulator.switches.patch({ clock_skew_seconds: skewSeconds });
  octokit = await asInstallation(simulator);
});

const answer = (route: string, parameters: Record<string, unknown> = {}) =>
  octokit.request(route, parameters).then(
    ({ status, headers, data }) => ({ status, headers, data }),
    ({ response: { status, headers, data } }) => ({ status, headers, data }),
  );

const newRunner = () => {
  serial += 1;
  return answer(jit, { name: `limited-${serial}`, runner_group_id: 1, labels: ['x'] });
};

const secondary = (limits: object) =>
  simulator.switches.patch({ secondary_limits: { enabled: true, ...limits } });

const refused = (status: number, seconds: number) => ({
  status,
  headers: { 'retry-after': String(seconds) },
  data: {
    message: expect.stringContaining('You have exceeded a secondary rate limit.'),
    documentation_url: expect.stringContaining('#about-secondary-rate-limits'),
    status: String(status),
  },
});

describe('the primary limit', () => {
  it('tells in headers what is left of the hour', async () => {
    simulator.switches.patch({ rate_limit: { limit: 15_000 } });
    const { headers } = await answer(list);
    const used = Number(headers['x-ratelimit-used']);
    expect(headers).toMatchObject({
      'x-ratelimit-limit': '15000',
      'x-ratelimit-remaining': String(15_000 - used),
      'x-ratelimit-resource': 'core',
    });
    const leftSeconds = Number(headers['x-ratelimit-reset']) - simulator.clock.seconds();
    expect(leftSeconds).toBeGreaterThan(3590);
    expect(leftSeconds).toBeLessThanOrEqual(3600);
    const { data, headers: after } = await answer('GET /rate_limit');
    expect(data.resources.core).toMatchObject({ limit: 15_000, used });
    expect(data.rate).toEqual(data.resources.core);
    expect(after['x-ratelimit-used']).toBe(String(used));
  });

  it.each([403, 429] as const)('is refused with %s, until the window ends', async (status) => {
    const { headers } = await answer(list);
    simulator.switches.patch({ rate_limit: { limit: Number(headers['x-ratelimit-used']), status } });
    expect(await answer(list)).toMatchObject({
      status,
      headers: { 'x-ratelimit-remaining': '0' },
      data: { message: 'API rate limit exceeded for installation ID 5678.', status: String(status) },
    });
    expect((await answer('GET /rate_limit')).status).toBe(200);
    skewSeconds += 3601;
    simulator.switches.patch({ clock_skew_seconds: skewSeconds });
    octokit = await asInstallation(simulator);
    expect((await answer(list)).status).toBe(200);
  });

  it('of config.sh is another one', async () => {
    const { data } = await answer(`POST /orgs/${org}/actions/runners/registration-token`);
    const registerRunner = (name: string) =>
      register({ url: `${simulator.url}/${org}`, token: data.token, name, labels: [], ephemeral: true });
    const used = async () =>
      (await answer('GET /rate_limit')).data.resources.actions_runner_registration.used;
    const before = await used();
    await registerRunner('one');
    expect(await used()).toBe(before + 1);
    simulator.switches.patch({ rate_limit: { registration_limit: before + 1 } });
    await expect(registerRunner('two')).rejects.toThrow('rate limit');
    expect((await newRunner()).status).toBe(201);
  });

  it('is not there when switched off, as on a GitHub Enterprise Server', async () => {
    simulator.switches.patch({ rate_limit: { enabled: false } });
    const { headers } = await answer(list);
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    expect(await answer('GET /rate_limit')).toMatchObject({
      status: 404,
      data: { message: 'Rate limiting is not enabled.' },
    });
  });
});

describe('secondary limits', () => {
  it('are off unless switched on', async () => {
    const all = await Promise.all(Array.from({ length: 250 }, newRunner));
    expect(all.every(({ status }) => status === 201)).toBe(true);
  });

  it('count points per operation and minute: 1 for a GET, 5 for anything else', async () => {
    secondary({ points_per_minute: 12, retry_after_seconds: 30 });
    expect((await newRunner()).status).toBe(201);
    expect((await newRunner()).status).toBe(201);
    expect((await answer(list)).status).toBe(200);
    expect(await newRunner()).toMatchObject(refused(403, 30));
    // Struck once, everything is refused until the time is over.
    expect(await answer(list)).toMatchObject({ status: 403, headers: { 'retry-after': expect.anything() } });
    simulator.switches.patch({ clock_skew_seconds: skewSeconds + 61 });
    expect((await newRunner()).status).toBe(201);
  });

  it('let only so many requests be under way', async () => {
    secondary({ concurrent_requests: 3, status: 429, retry_after_seconds: 2 });
    simulator.switches.patch({ latency_ms: { 'actions/list-self-hosted-runners-for-org': 100 } });
    const all = await Promise.all(Array.from({ length: 5 }, () => answer(list)));
    expect(all.map(({ status }) => status).sort()).not.toContain(403);
    expect(all.find(({ status }) => status === 429)).toMatchObject(refused(429, 2));
    expect((await answer(list)).status).toBe(200);
  });

  it('count what is said to create content by the minute and by the hour', async () => {
    const content_operations = ['actions/create-registration-token-for-org'];
    const token = () => answer(`POST /orgs/${org}/actions/runners/registration-token`);
    secondary({ content_operations, content_per_minute: 2, content_per_hour: 3, retry_after_seconds: 60 });
    expect([(await token()).status, (await token()).status]).toEqual([201, 201]);
    expect(await token()).toMatchObject(refused(403, 60));
    simulator.switches.patch({ clock_skew_seconds: skewSeconds + 61 });
    expect((await token()).status).toBe(201);
    simulator.switches.patch({ clock_skew_seconds: skewSeconds + 122 });
    expect(await token()).toMatchObject(refused(403, 60));
  });

  it('count new runners of five minutes', async () => {
    secondary({ registrations_per_5_minutes: 2, retry_after_seconds: 0 });
    expect([(await newRunner()).status, (await newRunner()).status]).toEqual([201, 201]);
    const { status, headers } = await newRunner();
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 403, retryAfter: undefined });
  });
});
