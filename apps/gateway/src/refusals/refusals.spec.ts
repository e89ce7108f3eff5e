import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { register } from 'prom-client';
import { Problem, type ProblemCode, type Subject, subjects } from '#libs/contracts';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { ScriptedBus } from '../testing/scripted-bus.js';
import { AccessRefusals } from './access-refusals.js';

const USER = '/api/v1/admin/users/7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04';
const comment = 'Has left the company';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  // only the calendar stands still: what is recorded once a minute must not cross one here
  jest.useFakeTimers({
    doNotFake: [
      'nextTick',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setTimeout',
      'clearTimeout',
    ].concat(['setInterval', 'clearInterval', 'hrtime', 'performance']) as never,
  });
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(async () => {
  jest.useRealTimers();
  await gateway?.stop();
});

const nextMinute = () => jest.setSystemTime(Date.now() + 60_000);
/** What is recorded from here on. */
let before = 0;
beforeEach(() => {
  nextMinute();
  before = gateway.bus.asked(subjects.recordAccessRefused).length;
});
const recorded = () => gateway.bus.asked(subjects.recordAccessRefused).slice(before);
const refusedWith = (subject: Subject, code: ProblemCode, members: Record<string, unknown> = {}) =>
  gateway.bus.answerOnce(subject, () => {
    throw new Problem(code, `Refused: ${code}.`, { members });
  });

describe('a refusal is recorded with who, from where and what for', () => {
  it.each<ProblemCode>([
    'user-not-authorized',
    'user-deactivated',
    'machine-client-refused',
    'team-deactivated',
    'admin-required',
    'last-admin',
    'already-inactive',
  ])('%s, in the name of the caller', async (code) => {
    refusedWith(subjects.deactivateUser, code);
    await gateway.call('delete', USER).set('x-request-id', 'request-1').send({ comment });
    expect(recorded()).toMatchObject([
      {
        body: {
          code,
          detail: `Refused: ${code}.`,
          source: `${gateway.issuer.issuer}|alice`,
          route: 'DELETE /api/v1/admin/users/:user_id',
        },
        context: { requestId: 'request-1', caller: { subject: 'alice' } },
      },
    ]);
  });

  it('a bad token, in the name of nobody', async () => {
    const token = await gateway.issuer.token({ exp: 1 });
    await gateway.call('get', '/api/v1/runners', token).expect(401);
    expect(recorded()).toMatchObject([
      { body: { code: 'token-expired', source: expect.stringMatching(/127\.0\.0\.1$/) } },
    ]);
    expect(recorded()[0]?.context.caller).toBeUndefined();
    expect(JSON.stringify(recorded())).not.toContain(token.split('.')[1]);
  });

  it('a delivery nobody signed', async () => {
    await gateway.anonymous('post', '/webhooks/github').send({}).expect(401);
    expect(recorded()).toMatchObject([
      { body: { code: 'webhook-signature-invalid', route: 'POST /webhooks/github' } },
    ]);
  });
});

it('is recorded once per source, code and minute', async () => {
  const refuse = async (code: ProblemCode, token?: string) => {
    refusedWith(subjects.deactivateUser, code);
    await gateway.call('delete', USER, token).send({ comment });
  };
  const bob = await gateway.issuer.token({ sub: 'bob' });
  for (let times = 0; times < 3; times++) await refuse('admin-required');
  await refuse('last-admin');
  await refuse('admin-required', bob);
  nextMinute();
  await refuse('admin-required', await gateway.issuer.token());
  expect(
    recorded().map(
      ({ body, context: { caller } }) => `${(body as { code: string }).code} ${caller?.subject}`,
    ),
  ).toEqual(['admin-required alice', 'last-admin alice', 'admin-required bob', 'admin-required alice']);
});

it('is tried again when it could not be recorded', async () => {
  refusedWith(subjects.recordAccessRefused, 'service-unavailable');
  await gateway.anonymous('get', '/api/v1/runners').expect(401);
  await gateway.anonymous('get', '/api/v1/runners').expect(401);
  await gateway.anonymous('get', '/api/v1/runners').expect(401);
  expect(recorded()).toHaveLength(2);
});

it('is counted each time', async () => {
  const count = async () => {
    const metric = await register.getSingleMetric('rts_refusals_total')?.get();
    return metric?.values.find(({ labels }) => labels.code === 'token-missing')?.value ?? 0;
  };
  const counted = await count();
  for (let times = 0; times < 3; times++) await gateway.anonymous('get', '/api/v1/runners').expect(401);
  expect((await count()) - counted).toBe(3);
});

it('what is only malformed, missing or broken is no refusal', async () => {
  await gateway.call('delete', USER).send({}).expect(422);
  await gateway.call('get', '/api/v1/nothing').expect(404);
  refusedWith(subjects.getUser, 'user-unknown');
  await gateway.call('get', USER).expect(404);
  refusedWith(subjects.getUser, 'event-store-unavailable');
  await gateway.call('get', USER).expect(503);
  expect(recorded()).toEqual([]);
});

it.each<[ProblemCode, boolean, object?]>([
  ['label-not-permitted', false],
  ['team-deactivated', false, { team_id: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02' }],
  ['team-deactivated', true],
  ['runner-quota-reached', false],
  ['runner-name-taken', false],
  ['user-deactivated', true],
  ['machine-client-refused', true],
])('a provisioning refused with %s is recorded by us: %s', async (code, byUs, members = {}) => {
  refusedWith(subjects.provisionRunner, code, { ...members });
  await gateway.call('post', '/api/v1/runners/jit').send({ runner_name: 'a' });
  expect(recorded().map(({ body }) => (body as { code: string }).code)).toEqual(byUs ? [code] : []);
});

it('tells a thousand sources apart in a minute; all the others are one', () => {
  const bus = new ScriptedBus();
  bus.answer(subjects.recordAccessRefused, () => ({ recorded: 1 }));
  const refusals = new AccessRefusals(bus);
  const from = (ip: string) =>
    ({ id: 'r', ip, method: 'GET', headers: {}, routeOptions: { url: '/x' } }) as never;
  const missing = new Problem('token-missing', 'Send one.');
  for (let each = 0; each < 1_500; each++) refusals.note(missing, from(`192.0.2.${each}`));
  refusals.note(missing, from('192.0.2.7'));
  const sources = bus
    .asked(subjects.recordAccessRefused)
    .map(({ body }) => (body as { source: string }).source);
  expect(sources).toHaveLength(1_001);
  expect(sources.at(-1)).toBe('others');
});
