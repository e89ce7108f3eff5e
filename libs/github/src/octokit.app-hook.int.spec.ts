import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { admin } from '../../../test/simulator/admin.js';
import { simulatorsHeldToDescriptions } from '../../../test/simulator/held-to-descriptions.js';
import { webhookReceiver } from '../../../test/simulator/webhook-receiver.js';
import { appHookContract } from './app-hook.contract.js';
import { createAppHook } from './octokit.app-hook.js';
import type { ObservedCall } from './on-call.js';
import { type Script, type ScriptedGithub, startScriptedGithub } from './scripted-github.js';

const startSimulator = simulatorsHeldToDescriptions();
const log = { debug: () => {}, warn: () => {} };
/** What the type definitions do not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

const underTest = (flavour: 'github.com' | 'ghes', apiPath: string) => async () => {
  const receiver = await webhookReceiver();
  const simulator = await startSimulator({ hook: { url: receiver.url, secret: 'a secret' } });
  simulator.switches.patch({ flavour });
  const { app, url } = simulator;
  return {
    hook: createAppHook({
      apiUrl: url + apiPath,
      appId: app.appId,
      privateKey: app.privateKeyPem,
      log,
      perPage: 2,
    }),
    installationId: app.installationId,
    receiverAnswers: receiver.answerWith,
    announce: () => admin(simulator, 'POST', '/jobs', { labels: ['gpu'], conclusion: 'skipped' }),
    close: async () => {
      await simulator.stop();
      await receiver.stop();
    },
  };
};

appHookContract('the webhook at github.com, simulated,', underTest('github.com', ''));
appHookContract('the webhook at an Enterprise Server, simulated,', underTest('ghes', '/api/v3'));

describe("the App's webhook, at an odd GitHub", () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const servers: ScriptedGithub[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  const arrange = async (script: Script, timeoutMs = 10_000) => {
    const server = await startScriptedGithub(script);
    servers.push(server);
    const calls: ObservedCall[] = [];
    const hook = createAppHook({
      apiUrl: server.apiUrl,
      appId: 1,
      privateKey: pem,
      log,
      timeoutMs,
      onCall: (call) => calls.push(call),
    });
    return { hook, server, calls };
  };
  const item = (changes: object = {}) => ({
    id: 12,
    guid: 'a-guid',
    delivered_at: '2026-11-03T10:00:00Z',
    redelivery: false,
    duration: 0.1,
    status: 'OK',
    status_code: 200,
    event: 'workflow_job',
    action: 'queued',
    installation_id: 7,
    repository_id: null,
    ...changes,
  });

  it('keeps every digit of an id', async () => {
    const id = '3804004623172239366';
    const exact = item({ id: rawJSON(id) });
    const { hook, server } = await arrange(({ method }) =>
      method === 'GET' ? { status: 200, body: [exact] } : { status: 202, body: {} },
    );
    const [delivery] = (await hook.listDeliveries()).deliveries;
    expect(delivery?.id).toBe(id);
    expect(await hook.redeliver(id)).toBe('asked');
    expect(server.requests.at(-1)?.path).toBe(`/app/hook/deliveries/${id}/attempts`);
  });

  it('shows what nobody answered, and what belongs to no installation', async () => {
    const { hook } = await arrange(() => ({
      status: 200,
      body: [item({ status_code: 0, status: 'timed out' }), item({ event: 'ping', installation_id: null })],
    }));
    const { deliveries, next } = await hook.listDeliveries();
    expect(deliveries[0]).toMatchObject({ statusCode: 0, installationId: 7 });
    expect(deliveries[1]).not.toHaveProperty('installationId');
    expect(next).toBeUndefined();
  });

  it('does not ask while GitHub wants a pause', async () => {
    const { hook, server, calls } = await arrange(() => ({
      status: 403,
      headers: { 'retry-after': '30' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    }));
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(hook.listDeliveries()).rejects.toMatchObject({
        reason: 'rate-limited',
        retryAfterSeconds: 30,
      });
    }
    expect(server.requests).toHaveLength(1);
    expect(calls.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
      'listHookDeliveries 403',
      'listHookDeliveries held-back',
    ]);
  });

  it('leaves the rest of the hourly budget alone', async () => {
    const headers = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '1400',
      'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 600),
    };
    const { hook, server } = await arrange(() => ({ status: 200, headers, body: [] }));
    await hook.listDeliveries();
    await expect(hook.redeliver('12')).rejects.toMatchObject({ reason: 'budget-reserved' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['an error', { status: 502 }, { reason: 'unavailable', uncertain: false }],
    ['silence', 'silence' as const, { reason: 'timeout', uncertain: false }],
    ['no list', { status: 200, body: { message: 'hello' } }, { reason: 'unavailable', uncertain: false }],
    ['no such App', { status: 401 }, { reason: 'unauthorized', uncertain: false }],
    ['no permission', { status: 403, body: { message: 'no' } }, { reason: 'forbidden', uncertain: false }],
  ])('takes %s for no list', async (_, answer, refusal) => {
    const { hook } = await arrange(() => answer, 500);
    await expect(hook.listDeliveries()).rejects.toMatchObject(refusal);
  });

  it('asks once, and does not know what a lost answer was', async () => {
    const { hook, server } = await arrange(() => 'reset');
    await expect(hook.redeliver('12')).rejects.toMatchObject({ reason: 'unavailable', uncertain: true });
    expect(server.requests).toHaveLength(1);
  });
});
