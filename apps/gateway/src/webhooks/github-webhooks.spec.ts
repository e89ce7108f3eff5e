import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { Problem, subjects } from '#libs/contracts';
import { answeringBus } from '../testing/answering-bus.js';
import {
  type GatewayUnderTest,
  OLD_WEBHOOK_SECRET,
  STARTS_WITHIN_MS,
  startGateway,
  WEBHOOK_SECRET,
} from '../testing/gateway-under-test.js';
import type { ScriptedBus } from '../testing/scripted-bus.js';
import { countedDeliveries } from './delivery-metrics.js';

const INSTALLATION = 42;
const job = {
  id: 900,
  run_id: 800,
  name: 'test',
  html_url: 'https://github.com/octo-org/app/actions/runs/800/job/900',
  labels: ['self-hosted', 'gpu'],
  runner_id: 10450 as number | null,
  runner_name: 'gpu-worker-001' as string | null,
  created_at: '2026-01-16T15:30:00Z',
  started_at: '2026-01-16T15:31:00Z',
};
const payloadOf = (changes: object = {}, jobChanges: object = {}) =>
  JSON.stringify({
    action: 'in_progress',
    installation: { id: INSTALLATION },
    organization: { login: 'octo-org' },
    repository: { full_name: 'octo-org/äpp' },
    workflow_job: { ...job, ...jobChanges },
    ...changes,
  });
const payload = payloadOf();
const sign = (body: string, secret = WEBHOOK_SECRET) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

let gateway: GatewayUnderTest;
let bus: ScriptedBus;

beforeAll(async () => {
  gateway = await startGateway({ environment: { GITHUB_APP_INSTALLATION_ID: String(INSTALLATION) } });
  bus = gateway.bus;
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

const deliver = (body: string, headers: Record<string, string> = {}, path = '/webhooks/github') =>
  gateway
    .anonymous('post', path)
    .set({
      'content-type': 'application/json',
      'x-github-event': 'workflow_job',
      'x-github-delivery': 'guid-1',
      'x-hub-signature-256': sign(body),
      ...headers,
    })
    .send(body);

const countOf = async (result: string): Promise<number> => {
  const { values } = await countedDeliveries().get();
  return values.find(({ labels }) => labels.result === result)?.value ?? 0;
};

describe('a delivery', () => {
  it.each(['/webhooks/github', '/api/v1/webhooks/github'])(
    'to %s is accepted as GitHub signed it',
    async (path) => {
      const before = await countOf('accepted');
      const { status, body } = await deliver(payload, {}, path);
      expect({ status, body }).toEqual({ status: 202, body: { status: 'accepted' } });
      expect(await countOf('accepted')).toBe(before + 1);
      expect(bus.asked(subjects.recordDelivery).at(-1)?.body).toMatchObject({
        guid: 'guid-1',
        organization: 'octo-org',
        workflowJob: {
          repository: 'octo-org/äpp',
          githubRunnerId: 10450,
          createdAt: '2026-01-16T15:30:00.000Z',
        },
      });
    },
  );

  it('survives names that no database takes', async () => {
    const body = payload.replace('"name":"test"', '"name":"a\\u0000b\\ud800"');
    expect((await deliver(body)).status).toBe(202);
    const recorded = bus.asked(subjects.recordDelivery).at(-1)?.body as { workflowJob: { jobName: string } };
    expect(recorded.workflowJob.jobName).toBe('a\ufffdb\ufffd');
  });

  it('may come as a form, whose text is what was signed', async () => {
    const form = `payload=${encodeURIComponent(payload)}`;
    const { status } = await deliver(form, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(status).toBe(202);
  });

  it('may be signed with the secret that is on its way out', async () =>
    expect(
      (await deliver(payload, { 'x-hub-signature-256': sign(payload, OLD_WEBHOOK_SECRET) })).status,
    ).toBe(202));

  it('that was recorded before is answered with 200', async () => {
    const { status, body } = await deliver(payload, { 'x-github-delivery': 'seen-before' });
    expect({ status, body }).toEqual({ status: 200, body: { status: 'duplicate' } });
  });

  it.each([
    ['no signature', { 'x-hub-signature-256': '' }],
    ['a wrong signature', { 'x-hub-signature-256': sign('something else') }],
    ['a signature cut short', { 'x-hub-signature-256': sign(payload).slice(0, -2) }],
    ['a sha1 signature only', { 'x-hub-signature-256': '', 'x-hub-signature': 'sha1=00' }],
  ])('with %s is refused', async (_, headers) => {
    const { status, body } = await deliver(payload, headers);
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'webhook-signature-invalid' });
  });

  it('of one byte more than was signed is refused', async () =>
    expect((await deliver(`${payload} `, { 'x-hub-signature-256': sign(payload) })).status).toBe(401));

  it('is not acknowledged while nobody records it', async () => {
    bus.answerOnce(subjects.recordDelivery, () => {
      throw new Problem('event-store-unavailable', 'The event store cannot be reached.');
    });
    const before = await countOf('failed');
    const { status, body } = await deliver(payload);
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'event-store-unavailable' });
    expect(await countOf('failed')).toBe(before + 1);
  });
});

describe('answered and counted, never recorded, is a delivery', () => {
  it.each<[string, string, string, Record<string, string>?]>([
    ['of an event nobody uses', 'unknown-event', '{"zen":"Mind your words."}', { 'x-github-event': 'ping' }],
    ['about runners', 'unknown-event', '{"action":"online"}', { 'x-github-event': 'self_hosted_runner' }],
    ['of another installation', 'foreign', payloadOf({ installation: { id: 43 } })],
    [
      'about a job on a machine of GitHub',
      'hosted',
      payloadOf(
        {},
        {
          labels: ['ubuntu-latest'],
          runner_id: 12,
          runner_name: 'GitHub Actions 12',
          runner_group_id: 2,
          runner_group_name: 'GitHub Actions',
        },
      ),
    ],
    [
      'about a job that waits for a machine of GitHub',
      'hosted',
      payloadOf({ action: 'queued' }, { labels: ['macos-latest'], runner_id: null, runner_name: null }),
    ],
    ['about a job nobody can read', 'unreadable', '{"action":"in_progress","workflow_job":{"id":"one"}}'],
    ['with a name that is none', 'unreadable', payload, { 'x-github-delivery': 'a b' }],
  ])('%s', async (_, why, body, headers = {}) => {
    const asked = bus.asked(subjects.recordDelivery).length;
    const before = await countOf(`ignored-${why}`);
    const { status, body: answer } = await deliver(body, headers);
    expect({ status, answer }).toEqual({ status: 200, answer: { status: 'ignored' } });
    expect(bus.asked(subjects.recordDelivery)).toHaveLength(asked);
    expect(await countOf(`ignored-${why}`)).toBe(before + 1);
  });

  it('of another organisation, which sync tells', async () => {
    bus.answerOnce(subjects.recordDelivery, () => ({ status: 'ignored' as const }));
    const before = await countOf('ignored-foreign');
    const { status, body } = await deliver(payloadOf({ organization: { login: 'somebody-else' } }));
    expect({ status, body }).toEqual({ status: 200, body: { status: 'ignored' } });
    expect(await countOf('ignored-foreign')).toBe(before + 1);
  });
});

describe('without a secret', () => {
  it(
    'nothing is accepted',
    async () => {
      const { app, stop } = await startGateway({
        bus: answeringBus(),
        environment: { GITHUB_WEBHOOK_SECRET: '' },
      });
      const { status, body } = await request(app.getHttpServer()).post('/webhooks/github').send('{}');
      await stop();
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'webhook-secret-missing' });
    },
    STARTS_WITHIN_MS,
  );
});
