import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { examples, Problem, type ProblemCode, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';

const { runners, users, teams, machineClients } = examples.dashboardStats;
const { security, audit } = examples.auditStats;
const { provisionerStats, syncStats, auditStats, dashboardStats } = subjects;
const everybody = [provisionerStats, syncStats, auditStats, dashboardStats];

let gateway: GatewayUnderTest;
beforeEach(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterEach(() => gateway?.stop());

const stats = () => gateway.call('get', '/api/v1/admin/stats');
const refuses = (code: ProblemCode, ...apps: readonly (typeof everybody)[number][]) => {
  for (const subject of apps)
    gateway.bus.answer(subject as typeof syncStats, () => {
      throw new Problem(code, `Said by the ${subject.answeredBy}.`);
    });
};
const appsOf = (projections: { app: string }[]) => [...new Set(projections.map(({ app }) => app))];

it('is put together from what every app tells', async () => {
  const { status, headers, body } = await stats();
  const { generated_at: generatedAt, projections, ...rest } = body;
  expect([status, headers.warning]).toEqual([200, undefined]);
  expect(rest).toEqual(toSnakeCase({ runners, users, teams, machineClients, security, audit, missing: [] }));
  expect(Date.now() - Date.parse(generatedAt)).toBeLessThan(60_000);
  expect(appsOf(projections)).toEqual(['provisioner', 'sync', 'audit', 'dashboard']);
  expect(projections).toContainEqual({
    app: 'audit',
    name: 'security-events',
    status: 'stopped',
    position: '1019',
    lag_seconds: 412.5,
    detail: expect.stringContaining('version 2'),
  });
});

it('tells every app who asks', async () => {
  await stats();
  for (const subject of everybody)
    expect(gateway.bus.asked(subject)).toMatchObject([
      { body: {}, context: { caller: { subject: 'alice' } } },
    ]);
});

describe('without', () => {
  it.each<[ProblemCode]>([['service-unavailable'], ['unexpected']])(
    'the dashboard (%s): what the others know, and that it is missing',
    async (code) => {
      refuses(code, dashboardStats);
      const { status, body } = await stats();
      expect(status).toBe(200);
      expect(body).toMatchObject(toSnakeCase({ security, audit, missing: ['dashboard'] }) as object);
      expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['runners']));
      expect(body.users).toBeUndefined();
      expect(appsOf(body.projections)).toEqual(['provisioner', 'sync', 'audit']);
    },
  );

  it('the audit: what the others know, and that it is missing', async () => {
    refuses('service-unavailable', auditStats);
    const { status, body } = await stats();
    expect([status, body.missing, body.security, body.audit]).toEqual([200, ['audit'], undefined, undefined]);
    expect(body).toMatchObject(toSnakeCase({ runners, users, teams, machineClients }) as object);
  });

  it('the provisioner, and so without sync, which asks it who the caller is', async () => {
    refuses('service-unavailable', provisionerStats, syncStats);
    const { status, body } = await stats();
    expect([status, body.missing]).toEqual([200, ['provisioner', 'sync']]);
  });

  it('anybody: says so', async () => {
    refuses('service-unavailable', ...everybody);
    const { status, body } = await stats();
    expect([status, body.code, body.detail]).toEqual([
      503,
      'service-unavailable',
      'Said by the provisioner.',
    ]);
  });
});

describe('a caller who is no administrator', () => {
  it('is refused', async () => {
    refuses('admin-required', ...everybody);
    const { status, body } = await stats();
    expect([status, body.code]).toEqual([403, 'admin-required']);
  });

  it('is refused when the provisioner alone knows it', async () => {
    refuses('admin-required', provisionerStats);
    expect((await stats()).status).toBe(403);
  });

  it('is refused when the provisioner is away and anybody knows it', async () => {
    refuses('service-unavailable', provisionerStats, syncStats);
    refuses('admin-required', auditStats);
    expect((await stats()).status).toBe(403);
  });

  it('is not taken for one by an app whose rows are out of date', async () => {
    refuses('user-not-authorized', dashboardStats);
    const { status, body } = await stats();
    expect([status, body.missing]).toEqual([200, ['dashboard']]);
  });
});

it.each([dashboardStats, auditStats])('says when $answeredBy is behind the caller', async (subject) => {
  const reply = subject === dashboardStats ? examples.dashboardStats : examples.auditStats;
  gateway.bus.answer(subject as typeof auditStats, () => ({ ...reply, fresh: false }) as never);
  const { status, headers } = await stats();
  expect([status, headers.warning]).toEqual([200, expect.stringContaining('Stale')]);
});
