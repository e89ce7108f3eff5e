import { sign } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/core';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import { asInstallation, octokitApp } from './octokit-app.js';
import type { StartedSimulator } from './src/index.js';

let simulator: StartedSimulator;
let octokit: Octokit;
let serial = 0;

const startSimulator = simulatorsHeldToDescriptions();
const org = 'octo-org';
const runnersPath = 'GET /orgs/{org}/actions/runners';
const jitPath = 'POST /orgs/{org}/actions/runners/generate-jitconfig';
const uniqueName = () => {
  serial += 1;
  return `jit-${serial}`;
};

const generate = (asked: { name?: string; runner_group_id?: number; labels?: string[] } = {}) =>
  octokit.request(jitPath, {
    org,
    name: uniqueName(),
    runner_group_id: 1,
    labels: ['self-hosted', 'GPU'],
    ...asked,
  });

/** The error answer of a call that must fail. */
const refusal = async (call: Promise<unknown>) => {
  const error: unknown = await call.then(
    () => expect('an error').toBe('an answer'),
    (reason: unknown) => reason,
  );
  const { response } = error as { response: { status: number; data: unknown; headers: object } };
  return response;
};

beforeAll(async () => {
  simulator = await startSimulator();
  octokit = await asInstallation(simulator);
});
afterAll(() => simulator.stop());
beforeEach(() => {
  simulator.switches.reset();
  simulator.calls.reset();
});

describe('authentication', () => {
  it('exchanges the JWT of the App for an installation token, at both bases', async () => {
    const { data: app } = await octokitApp(simulator).octokit.request('GET /app');
    expect(app).toMatchObject({ id: 1234, slug: 'runner-token-service', owner: { login: org } });

    const enterprise = await asInstallation({ ...simulator, url: `${simulator.url}/api/v3` });
    const { data } = await enterprise.request(runnersPath, { org });
    expect(data.total_count).toBeGreaterThanOrEqual(0);
  });

  it.each(['classic', 'stateless'] as const)('mints %s tokens', async (format) => {
    simulator.switches.patch({ token_format: format });
    const { data } = await octokitApp(simulator).octokit.request(
      'POST /app/installations/{installation_id}/access_tokens',
      { installation_id: 5678 },
    );
    expect(Object.keys(data).sort()).toEqual(['expires_at', 'permissions', 'repository_selection', 'token']);
    expect(data.token).toMatch(
      format === 'classic' ? /^ghs_[A-Za-z0-9]{36}$/ : /^ghs_1234_[\w-]+\.[\w-]+\.[\w-]+$/,
    );
    expect(data.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it.each<[string, { spoil?: boolean; iss?: number; exp?: number; iat?: number }, string]>([
    ['signed by another key', { spoil: true }, 'A JSON web token could not be decoded'],
    ['of another App', { iss: 99 }, 'A JSON web token could not be decoded'],
    ['expired', { exp: -1 }, "'Expiration time' claim ('exp') must be a numeric value representing"],
    ['living too long', { exp: 700 }, "'Expiration time' claim ('exp') is too far in the future"],
    ['from the future', { iat: 60 }, "'Issued at' claim ('iat') must be an Integer"],
  ])('refuses a JWT %s in the words of GitHub', async (_, { spoil, iss, exp, iat }, message) => {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({
      iss: iss ?? 1234,
      iat: now + (iat ?? -60),
      exp: now + (exp ?? 540),
    })}`;
    const signature = sign('RSA-SHA256', Buffer.from(spoil ? 'x' : head), simulator.app.privateKeyPem);
    const answer = await fetch(`${simulator.url}/app`, {
      headers: { authorization: `Bearer ${head}.${signature.toString('base64url')}` },
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      message: expect.stringContaining(message),
      documentation_url: 'https://docs.github.com/rest',
      status: '401',
    });
  });

  it('lets Octokit find out about a skewed clock by itself', async () => {
    simulator.switches.patch({ clock_skew_seconds: -900 });
    const { data } = await octokitApp(simulator).octokit.request('GET /app');
    expect(data).toMatchObject({ id: 1234 });
  });

  it('ends tokens after one hour of its own clock', async () => {
    const token = await octokit.auth({ type: 'installation' });
    simulator.switches.patch({ clock_skew_seconds: 3601 });
    const answer = await fetch(`${simulator.url}/orgs/${org}/actions/runners`, {
      headers: { authorization: `token ${(token as { token: string }).token}` },
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ message: 'Bad credentials' });
  });

  it('wants a User-Agent', async () => {
    const answer = await new Promise<IncomingMessage>((resolve) => {
      get(`${simulator.url}/app`, resolve);
    });
    expect(answer.resume().statusCode).toBe(403);
  });

  it('narrows permissions and enforces them', async () => {
    const { data } = await octokitApp(simulator).octokit.request(
      'POST /app/installations/{installation_id}/access_tokens',
      { installation_id: 5678, permissions: { organization_self_hosted_runners: 'read' } },
    );
    const answer = await fetch(`${simulator.url}/orgs/${org}/actions/runners/registration-token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${data.token}` },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-accepted-github-permissions')).toBe(
      'organization_self_hosted_runners=write',
    );
    expect(await answer.json()).toMatchObject({ message: 'Resource not accessible by integration' });
  });
});

describe('JIT configs', () => {
  it('registers an offline runner with exactly the labels asked for, lower-cased', async () => {
    const { status, data } = await generate({ labels: ['self-hosted', 'GPU', 'gpu'] });
    expect(status).toBe(201);
    expect(Object.keys(data).sort()).toEqual(['encoded_jit_config', 'runner']);
    expect(data.runner).toEqual({
      id: expect.any(Number),
      name: expect.stringMatching(/^jit-/),
      os: 'unknown',
      status: 'offline',
      busy: false,
      ephemeral: true,
      runner_group_id: 1,
      labels: [
        { id: expect.any(Number), name: 'self-hosted', type: 'read-only' },
        { id: expect.any(Number), name: 'gpu', type: 'custom' },
      ],
    });
    const { data: got } = await octokit.request('GET /orgs/{org}/actions/runners/{runner_id}', {
      org,
      runner_id: data.runner.id,
    });
    expect(got).toEqual(data.runner);
  });

  it('packs the three files of a runner, with strings only and an RSA-2048 key', async () => {
    const { data } = await generate();
    const files = unpacked(data.encoded_jit_config);
    expect(files['.runner']).toEqual({
      AgentId: String(data.runner.id),
      AgentName: data.runner.name,
      DisableUpdate: 'True',
      Ephemeral: 'True',
      PoolId: '1',
      PoolName: null,
      ServerUrl: expect.stringMatching(/\/$/),
      WorkFolder: '_work',
      GitHubUrl: `${simulator.url}/${org}`,
      ServerUrlV2: expect.stringMatching(/\/$/),
      UseV2Flow: 'true',
    });
    expect(files['.credentials']).toEqual({
      Scheme: 'OAuth',
      Data: {
        ClientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        AuthorizationUrl: expect.stringContaining('/_apis/oauth2/token/'),
        RequireFipsCryptography: 'True',
      },
    });
    const key = files['.credentials_rsaparams'] as Record<string, string>;
    expect(Object.keys(key)).toEqual(['d', 'dp', 'dq', 'exponent', 'inverseQ', 'modulus', 'p', 'q']);
    expect(Buffer.from(key.modulus ?? '', 'base64')).toHaveLength(256);
  });

  it('refuses what GitHub refuses, in its words', async () => {
    const { data } = await generate();
    const { name } = data.runner;
    expect(await refusal(generate({ name }))).toMatchObject({
      status: 409,
      data: { message: `Already exists - A runner with the name ${name} already exists.`, status: '409' },
    });
    expect(await refusal(generate({ labels: [] }))).toMatchObject({
      status: 422,
      data: { message: 'Invalid property /labels: 1 item required; only 0 were supplied' },
    });
    expect(await refusal(generate({ runner_group_id: 99_999 }))).toMatchObject({
      status: 404,
      data: { message: 'Not Found' },
    });
    expect(await refusal(generate({ runner_group_id: 2 }))).toMatchObject({
      status: 403,
      data: { message: 'GitHub hosted runner groups cannot be modified' },
    });
    const withoutGroup = octokit.request('POST /orgs/octo-org/actions/runners/generate-jitconfig', {
      name: uniqueName(),
      labels: ['x'],
    });
    expect(await refusal(withoutGroup)).toMatchObject({
      status: 422,
      data: { message: 'Invalid input: object is missing required key: runner_group_id' },
    });
  });

  it('may fail and have created the runner nevertheless', async () => {
    simulator.switches.patch({
      failures: [
        { operation: 'actions/generate-runner-jitconfig-for-org', status: 502, next: 1, when: 'after' },
      ],
    });
    const name = uniqueName();
    expect(await refusal(generate({ name }))).toMatchObject({ status: 502 });
    expect(await refusal(generate({ name }))).toMatchObject({ status: 409 });
    const { data } = await octokit.request(runnersPath, { org, name });
    expect(data).toMatchObject({ total_count: 1, runners: [{ name, status: 'offline' }] });
  });

  it('makes 500 at once without stopping to answer others', async () => {
    simulator.switches.patch({ latency_ms: 150 });
    let longestPauseMs = 0;
    let last = Date.now();
    const watch = setInterval(() => {
      longestPauseMs = Math.max(longestPauseMs, Date.now() - last);
      last = Date.now();
    }, 5);
    const made = await Promise.all(Array.from({ length: 500 }, () => generate()));
    clearInterval(watch);
    expect(new Set(made.map(({ data }) => data.runner.id)).size).toBe(500);
    expect(longestPauseMs).toBeLessThan(5_000);
  });
});

describe('runners', () => {
  it('pages with links and finds by exact name', async () => {
    for (const runner of simulator.runners.all()) simulator.runners.remove(runner);
    for (let index = 0; index < 5; index += 1) await generate();
    const { data, headers } = await octokit.request(runnersPath, { org, per_page: 2, page: 2 });
    expect(data.total_count).toBe(5);
    expect(data.runners).toHaveLength(2);
    const rels = [...(headers.link ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(
      ([, url, rel]) => `${rel} ${new URL(url ?? '').searchParams.get('page')}`,
    );
    expect(rels).toEqual(['prev 1', 'next 3', 'last 3', 'first 1']);
    const { data: none } = await octokit.request(runnersPath, { org, name: 'JIT' });
    expect(none).toEqual({ total_count: 0, runners: [] });
  });

  it('answers a known list with 304, free of charge', async () => {
    const first = await octokit.request(runnersPath, { org });
    const { etag, 'x-ratelimit-used': used } = first.headers;
    const answer = await refusal(
      octokit.request(runnersPath, { org, headers: { 'if-none-match': String(etag) } }),
    );
    expect(answer.status).toBe(304);
    expect(answer.headers).toMatchObject({ 'x-ratelimit-used': used, etag });
    await generate();
    const changed = await octokit.request(runnersPath, { org, headers: { 'if-none-match': String(etag) } });
    expect(changed.status).toBe(200);
  });

  it('deletes once, refuses while busy, and may show deleted ones for a while', async () => {
    const { data } = await generate();
    const { id, name } = data.runner;
    const remove = () =>
      octokit.request('DELETE /orgs/{org}/actions/runners/{runner_id}', { org, runner_id: id });
    const { data: listed } = await octokit.request(runnersPath, { org, name });

    await fetch(`${simulator.url}/_simulator/runners/${id}`, { method: 'PATCH', body: '{"busy":true}' });
    expect(await refusal(remove())).toMatchObject({
      status: 422,
      data: { message: `Bad request - Runner "${name}" is still running a job"` },
    });

    await fetch(`${simulator.url}/_simulator/runners/${id}`, { method: 'PATCH', body: '{"busy":false}' });
    simulator.switches.patch({ eventual_delete_ms: 60_000 });
    expect((await remove()).status).toBe(204);
    expect((await octokit.request(runnersPath, { org, name })).data).toEqual(listed);
    expect(await refusal(remove())).toMatchObject({ status: 404 });
    await generate({ name });
  });

  it('keeps read-only labels and changes custom ones', async () => {
    const { data } = await generate({ labels: ['self-hosted', 'a'] });
    const path = `/orgs/${org}/actions/runners/${data.runner.id}/labels`;
    const names = async (route: string, parameters: { labels?: string[] } = {}) => {
      const answer = await octokit.request(route, parameters);
      expect(answer.data.total_count).toBe(answer.data.labels.length);
      return answer.data.labels.map(({ name }: { name: string }) => name);
    };
    expect(await names(`POST ${path}`, { labels: ['B'] })).toEqual(['self-hosted', 'a', 'b']);
    expect(await names(`PUT ${path}`, { labels: ['c', 'd'] })).toEqual(['self-hosted', 'c', 'd']);
    expect(await names(`DELETE ${path}/c`)).toEqual(['self-hosted', 'd']);
    expect(await names(`DELETE ${path}`)).toEqual(['self-hosted']);
    expect(await refusal(octokit.request(`DELETE ${path}/self-hosted`))).toMatchObject({ status: 422 });
    expect(await refusal(octokit.request(`DELETE ${path}/nowhere`))).toMatchObject({ status: 404 });
  });

  it('issues registration and remove tokens with milliseconds and an offset', async () => {
    for (const kind of ['registration-token', 'remove-token']) {
      const { status, data } = await octokit.request(`POST /orgs/${org}/actions/runners/${kind}`);
      expect(status).toBe(201);
      expect(data).toEqual({
        token: expect.stringMatching(/^[A-Z2-7]{29}$/),
        expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
      });
    }
  });

  it('lists runner groups and downloads', async () => {
    const { data } = await octokit.request('GET /orgs/{org}/actions/runner-groups', { org });
    expect(data).toMatchObject({
      total_count: 1,
      runner_groups: [{ id: 1, name: 'Default', default: true }],
    });
    const downloads = await octokit.request('GET /orgs/{org}/actions/runners/downloads', { org });
    expect(downloads.data).toContainEqual(expect.objectContaining({ os: 'linux', architecture: 'x64' }));
  });

  it('knows no other organisation', async () => {
    expect(await refusal(octokit.request(runnersPath, { org: 'other' }))).toMatchObject({ status: 404 });
  });
});

describe('limits and failures', () => {
  it('stops a caller who used up the hour', async () => {
    const { data } = await octokit.request('GET /rate_limit');
    simulator.switches.patch({ rate_limit: { limit: data.resources.core.used + 1 } });
    await octokit.request(runnersPath, { org });
    expect(await refusal(octokit.request(runnersPath, { org }))).toMatchObject({
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-resource': 'core' },
      data: { message: 'API rate limit exceeded for installation ID 5678.' },
    });
  });

  it('fails on order and counts every call', async () => {
    simulator.switches.patch({
      failures: [
        { status: 500, next: 1 },
        { status: 'secondary_rate_limit', next: 1, retry_after_seconds: 7 },
      ],
    });
    expect(await refusal(octokit.request(runnersPath, { org }))).toMatchObject({ status: 500 });
    expect(await refusal(octokit.request(runnersPath, { org }))).toMatchObject({
      status: 403,
      headers: { 'retry-after': '7' },
      data: { message: expect.stringContaining('secondary rate limit') },
    });
    await octokit.request(runnersPath, { org });
    const state = await (await fetch(`${simulator.url}/_simulator/state`)).json();
    expect(state).toMatchObject({
      calls: {
        'actions/list-self-hosted-runners-for-org': { total: 3, by_status: { 200: 1, 403: 1, 500: 1 } },
      },
    });
  });

  it('is closed to tokens of before while the installation is suspended', async () => {
    await octokit.request(runnersPath, { org });
    simulator.switches.patch({ installation_suspended: true });
    expect(await refusal(octokit.request(runnersPath, { org }))).toMatchObject({
      status: 403,
      data: { message: 'This installation has been suspended' },
    });
    simulator.switches.patch({ installation_suspended: false });
    expect((await octokit.request(runnersPath, { org })).status).toBe(200);
  });

  it('can leave a call without an answer', async () => {
    simulator.switches.patch({ failures: [{ status: 'timeout', next: 1 }] });
    const call = octokit.request(runnersPath, { org, request: { signal: AbortSignal.timeout(200) } });
    await expect(call).rejects.toThrow();
  });
});

const unpacked = (encoded: string): Record<string, unknown> => {
  const read = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  const files: Record<string, string> = read(encoded);
  return Object.fromEntries(Object.entries(files).map(([name, contents]) => [name, read(contents)]));
};
