import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { examples, Problem, subjects } from '#libs/contracts';
import { AUDIENCE, startTestIssuer, type TestIssuer } from '#libs/testing';
import { createGateway } from './gateway.app.js';
import { readGatewayConfig } from './gateway.config.js';
import { ScriptedBus } from './testing/scripted-bus.js';

let issuer: TestIssuer;
let bus: ScriptedBus;
let app: NestFastifyApplication;
let token: string;

const http = () => request(app.getHttpServer());
const provisionJit = (body: object, bearer = token) =>
  http().post('/api/v1/runners/jit').set('authorization', `Bearer ${bearer}`).send(body);

const environment = (extra: Record<string, string> = {}) => ({
  NATS_URL: 'nats://127.0.0.1:4222',
  SERVER_SECRET: 'a server secret of length',
  DASHBOARD_INTERNAL_URL: 'http://127.0.0.1:9',
  ALLOW_PRIVATE_ISSUERS: 'true',
  LOG_LEVEL: 'fatal',
  ...extra,
});

const start = async (extra: Record<string, string>, scripted: ScriptedBus) => {
  const gateway = await createGateway(readGatewayConfig(environment(extra)), scripted);
  await gateway.init();
  await gateway.getHttpAdapter().getInstance().ready();
  return gateway;
};

beforeAll(async () => {
  issuer = await startTestIssuer();
  bus = new ScriptedBus();
  bus.answer(subjects.provisionRunner, ({ body }) =>
    body.provisioningMethod === 'jit' ? examples.jitProvisioned : examples.tokenProvisioned,
  );
  bus.answer(subjects.listRunners, () => ({ runners: [examples.runner], total: 1, fresh: true }));
  bus.answer(subjects.getRunner, () => ({ runner: examples.runner, fresh: true }));
  bus.answer(subjects.runnerTimeline, () => ({ timeline: [examples.timelineEntry] }));
  bus.answer(subjects.refreshRunner, () => ({ runnerId: examples.runner.runnerId, position: '2000' }));
  bus.answer(subjects.renewRegistrationToken, () => examples.tokenRenewed);
  bus.answer(subjects.deprovisionRunner, () => ({
    runnerId: examples.runner.runnerId,
    runnerName: 'secure-worker-001',
    confirmed: true,
    position: '2001',
  }));
  bus.answer(subjects.searchAuditRecords, () => ({ logs: [examples.auditRecord], total: 1, fresh: true }));
  bus.answer(subjects.describeCaller, () => examples.caller);
  bus.answer(subjects.trustedIssuers, () => ({ issuers: [] }));
  bus.answer(subjects.recordAccessRefused, () => ({ recorded: 1 }));
  app = await start({ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE }, bus);
  token = await issuer.token();
}, 60_000);

afterAll(async () => {
  await app.close();
  await issuer.stop();
});

describe('POST /api/v1/runners/jit', () => {
  it('answers 201 with the config and where the runner is', async () => {
    const response = await provisionJit({
      runner_name: 'secure-worker-001',
      labels: ['GPU', 'ubuntu-22.04', 'gpu'],
    });
    expect(response.status).toBe(201);
    expect(response.headers.location).toBe(`/api/v1/runners/${examples.jitProvisioned.runnerId}`);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.body).toEqual({
      runner_id: examples.jitProvisioned.runnerId,
      runner_name: 'secure-worker-001',
      encoded_jit_config: 'eyJleGFtcGxlIjoidHJ1ZSJ9',
      labels: examples.jitProvisioned.labels,
      expires_at: examples.jitProvisioned.expiresAt,
      run_command: './run.sh --jitconfig eyJleGFtcGxlIjoidHJ1ZSJ9',
    });
    expect(bus.asked(subjects.provisionRunner).at(-1)?.body).toMatchObject({
      provisioningMethod: 'jit',
      runnerName: 'secure-worker-001',
      labels: ['gpu', 'ubuntu-22.04'],
      workFolder: '_work',
    });
  });

  it.each([
    ['neither name nor prefix', {}, 'runner_name'],
    ['both', { runner_name: 'a', runner_name_prefix: 'b' }, 'runner_name'],
    ['a name that is a route', { runner_name: 'jit' }, 'runner_name'],
    ['a name with a space', { runner_name: 'a b' }, 'runner_name'],
    ['a label outside ASCII', { runner_name: 'a', labels: ['app-é'] }, 'labels.0'],
    ['a folder above', { runner_name: 'a', work_folder: '../x' }, 'work_folder'],
    ['an absolute folder', { runner_name: 'a', work_folder: '/x' }, 'work_folder'],
    ['a field nobody knows', { runner_name: 'a', ephemeral: false }, 'ephemeral'],
    ['a team that is no id', { runner_name: 'a', team_id: 'x' }, 'team_id'],
    ['a list', [], 'body'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    const { status, body: problem } = await provisionJit(body);
    expect({ status, code: problem.code }).toEqual({ status: 422, code: 'request-invalid' });
    expect(problem.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('knows a team by its id in either case', async () => {
    const teamId = '6F6B6F0C-6A53-4F51-9F55-0D1C1F1F2A02';
    expect((await provisionJit({ runner_name: 'a', team_id: teamId })).status).toBe(201);
    expect(bus.asked(subjects.provisionRunner).at(-1)?.body).toMatchObject({ teamId: teamId.toLowerCase() });
  });

  it('names every bad field at once', async () => {
    const { body } = await provisionJit({ labels: ['!'], runner_group_id: 'one', work_folder: '/x' });
    expect(body.errors.map((error: { field: string }) => error.field).sort()).toEqual([
      'labels.0',
      'runner_group_id',
      'runner_name',
      'work_folder',
    ]);
  });

  it('refuses what is no JSON with 400', async () => {
    const response = await http()
      .post('/api/v1/runners/jit')
      .set('authorization', `Bearer ${token}`)
      .set('content-type', 'application/json')
      .send('{"runner_name":');
    expect({ status: response.status, code: response.body.code }).toEqual({
      status: 400,
      code: 'body-not-json',
    });
  });

  it.each([
    `runners/${examples.runner.runnerId}/refresh`,
    `runners/${examples.runner.runnerId}/registration-token`,
    `admin/users/${examples.user.id}/activate`,
    `admin/teams/${examples.team.id}/reactivate`,
    'admin/sync/trigger',
  ])('POST %s refuses what nobody asked for', async (path) => {
    const { status, body } = await http()
      .post(`/api/v1/${path}`)
      .set('authorization', `Bearer ${token}`)
      .send({ reason: 'why not', colour: 'red' });
    expect({ status, fields: body.errors?.map(({ field }: { field: string }) => field) }).toEqual({
      status: 422,
      fields: ['reason', 'colour'],
    });
  });

  it('takes a JSON merge patch by its own media type', async () => {
    const patch = (type: string) =>
      http()
        .patch(`/api/v1/admin/teams/${examples.team.id}`)
        .set('authorization', `Bearer ${token}`)
        .set('content-type', type)
        .send('{"colour":"red"}');
    const { status, body } = await patch('application/merge-patch+json');
    expect({ status, field: body.errors?.[0].field }).toEqual({ status: 422, field: 'colour' });
    expect((await patch('application/xml')).body.errors).toEqual([
      { field: 'content-type', message: 'must be application/json' },
    ]);
  });

  it.each(['', ' \n'])('takes an empty body sent as JSON for an empty object: %j', async (body) => {
    const ask = (path: string) =>
      http()
        .post(path)
        .set('authorization', `Bearer ${token}`)
        .set('content-type', 'application/json')
        .send(body);
    const refreshed = await ask(`/api/v1/runners/${examples.runner.runnerId}/refresh`);
    expect(refreshed.status).toBe(200);
    const created = await ask('/api/v1/admin/teams');
    expect(created.status).toBe(422);
    expect(created.body).toMatchObject({ code: 'request-invalid', errors: [{ field: 'name' }] });
  });

  it('refuses a body over 1 MiB with 413', async () => {
    const { status, body } = await provisionJit({ runner_name: 'a', work_folder: 'x'.repeat(1024 * 1024) });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'body-too-large' });
  });

  it('passes an Idempotency-Key on, and says when an earlier request is answered again', async () => {
    const first = await provisionJit({ runner_name: 'a' }).set('idempotency-key', 'run 7 / attempt 1');
    expect(first.status).toBe(201);
    expect(first.headers['idempotent-replay']).toBeUndefined();
    expect(bus.asked(subjects.provisionRunner).at(-1)?.body).toMatchObject({
      idempotencyKey: 'run 7 / attempt 1',
    });
    const replaying = new ScriptedBus();
    replaying.answer(subjects.provisionRunner, () => ({ ...examples.jitProvisioned, replayed: true }));
    const gateway = await start({ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE }, replaying);
    const again = await request(gateway.getHttpServer())
      .post('/api/v1/runners/jit')
      .set('authorization', `Bearer ${token}`)
      .set('idempotency-key', 'k')
      .send({ runner_name: 'a' });
    await gateway.close();
    expect({ status: again.status, replay: again.headers['idempotent-replay'], body: again.body }).toEqual({
      status: 201,
      replay: 'true',
      body: first.body,
    });
  });

  it.each([
    ['an empty one', ''],
    ['one that is too long', 'k'.repeat(129)],
    ['one outside ASCII', 'clé'],
  ])('refuses %s as Idempotency-Key', async (_, key) => {
    const { status, body } = await provisionJit({ runner_name: 'a' }).set('idempotency-key', key);
    expect({ status, field: body.errors?.[0].field }).toEqual({ status: 422, field: 'Idempotency-Key' });
  });

  it('takes JSON only: a form could be sent by any web page', async () => {
    const form = http().post('/api/v1/runners/jit').set('authorization', `Bearer ${token}`).type('form');
    const { status, body } = await form.send({ runner_name: 'a' });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'request-invalid' });
  });

  it("passes the provisioner's refusal on with its members and how long to wait", async () => {
    const refusing = new ScriptedBus();
    refusing.answer(subjects.provisionRunner, () => {
      throw new Problem('github-rate-limited', 'Wait.', { retryAfterSeconds: 17, members: { limit: 3 } });
    });
    const gateway = await start({ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE }, refusing);
    const response = await request(gateway.getHttpServer())
      .post('/api/v1/runners/jit')
      .set('authorization', `Bearer ${token}`)
      .set('x-request-id', 'my-request')
      .send({ runner_name: 'a' });
    await gateway.close();
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('17');
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.body).toEqual({
      type: 'http://localhost:8000/problems/github-rate-limited',
      title: "GitHub's rate limit is used up",
      status: 503,
      detail: 'Wait.',
      instance: '/api/v1/runners/jit',
      code: 'github-rate-limited',
      request_id: 'my-request',
      limit: 3,
    });
  });

  it('gives the runner up when the bus lost the answer', async () => {
    const losing = new ScriptedBus();
    losing.answer(subjects.abandonRunner, () => ({ recorded: 1 }));
    const gateway = await start({ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE }, losing);
    await request(gateway.getHttpServer())
      .post('/api/v1/runners/jit')
      .set('authorization', `Bearer ${token}`)
      .send({ runner_name: 'a' })
      .expect(503);
    await gateway.close();
    const [provision] = losing.asked(subjects.provisionRunner);
    const [abandon] = losing.asked(subjects.abandonRunner);
    expect(provision?.body).toMatchObject(abandon?.body as object);
    expect(abandon?.body).toEqual({ runnerId: expect.any(String) });
  });

  it('gives no runner up whose caller may ask for it again', async () => {
    const losing = new ScriptedBus();
    const gateway = await start({ OIDC_ISSUER: issuer.issuer, OIDC_AUDIENCE: AUDIENCE }, losing);
    await request(gateway.getHttpServer())
      .post('/api/v1/runners/jit')
      .set('authorization', `Bearer ${token}`)
      .set('idempotency-key', 'k')
      .send({ runner_name: 'a' })
      .expect(503);
    await gateway.close();
    expect(losing.asked(subjects.provisionRunner)).toHaveLength(1);
    expect(losing.asked(subjects.abandonRunner)).toEqual([]);
  });
});

describe('POST /api/v1/runners/provision', () => {
  it('answers 201 with a command to type, and says that there is something better', async () => {
    const response = await http()
      .post('/api/v1/runners/provision')
      .set('authorization', `Bearer ${token}`)
      .send({ runner_name: 'gpu-worker-001', labels: ['gpu', 'ubuntu-22.04', 'cuda-11.8'], ephemeral: true });
    expect(response.status).toBe(201);
    expect(response.headers.deprecation).toBeDefined();
    expect(response.headers.link).toBe('</api/v1/runners/jit>; rel="successor-version"');
    expect(response.body.configuration_command).toBe(
      './config.sh --url https://github.com/octo-org --token AABBCCDD --name gpu-worker-001 --labels gpu,ubuntu-22.04,cuda-11.8 --unattended --ephemeral',
    );
  });
});

describe('reading runners', () => {
  const get = (path: string) => http().get(path).set('authorization', `Bearer ${token}`);

  it('GET /runners lists in snake_case', async () => {
    const { status, body } = await get('/api/v1/runners?status=active,pending&label=GPU&label=linux&limit=5');
    expect(status).toBe(200);
    expect(body.total).toBe(1);
    expect(body.runners[0]).toMatchObject({ runner_name: 'secure-worker-001', current_job: { run_id: 800 } });
    expect(bus.asked(subjects.listRunners).at(-1)?.body).toMatchObject({
      status: ['active', 'pending'],
      labels: ['gpu', 'linux'],
      limit: 5,
    });
  });

  it.each([
    'status=sleeping',
    'limit=0',
    'limit=1001',
    'offset=-1',
    'sort=colour',
    'colour=red',
    'created_after=yesterday',
    'q=%00',
  ])('GET /runners?%s is 422', async (query) => {
    const { status, body } = await get(`/api/v1/runners?${query}`);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'request-invalid' });
  });

  it('GET /runners/{name} comes with its timeline', async () => {
    const { status, body } = await get('/api/v1/runners/secure-worker-001');
    expect(status).toBe(200);
    expect(body.timeline).toEqual([examples.timelineEntry]);
  });

  it('shows the caller what it has just written', async () => {
    await http()
      .delete('/api/v1/runners/secure-worker-001')
      .set('authorization', `Bearer ${token}`)
      .expect(200);
    await get('/api/v1/runners');
    expect(bus.asked(subjects.listRunners).at(-1)?.context.knownPosition).toBe('2001');
  });

  it('POST /runners/{id}/refresh answers with the runner as seen', async () => {
    const response = await http()
      .post(`/api/v1/runners/${examples.runner.runnerId}/refresh`)
      .set('authorization', `Bearer ${token}`);
    expect(response.status).toBe(200);
    expect(response.body.runner_id).toBe(examples.runner.runnerId);
  });

  it('POST /runners/{id or name}/registration-token hands out both tokens, to be kept by nobody', async () => {
    const renew = (reference: string) =>
      http().post(`/api/v1/runners/${reference}/registration-token`).set('authorization', `Bearer ${token}`);
    const { status, headers, body } = await renew('gpu-worker-001');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        registration_token: 'EEFFGGHH',
        removal_token: 'IIJJKKLL',
        expires_at: examples.tokenRenewed.expiresAt,
      },
    });
    expect(headers['cache-control']).toBe('no-store');
    expect(bus.asked(subjects.renewRegistrationToken).at(-1)?.body).toEqual({ runner: 'gpu-worker-001' });
    expect((await renew('a%20b')).body.code).toBe('runner-unknown');
  });

  it.each(['%00', '..%2f..', 'a%20b', 'x'.repeat(65), '%E2%80%AE'])(
    'GET /runners/%s is nobody',
    async (reference) => {
      const { status, body } = await get(`/api/v1/runners/${reference}`);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'runner-unknown' });
    },
  );

  it('GET /audit-logs, GET /auth/me', async () => {
    const logs = await get('/api/v1/audit-logs?event_type=provision');
    expect(logs.body).toMatchObject({
      total: 1,
      logs: [{ event_type: 'provision_jit', event_data: { github_runner_id: 10450 } }],
    });
    const me = await get('/api/v1/auth/me');
    expect(me.body).toMatchObject({ oidc_sub: 'alice', teams: [{ name: 'dev' }] });
  });

  it('what is not built answers 404 route-unknown', async () => {
    const { status, body } = await get('/api/v1/nothing');
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'route-unknown' });
  });
});

describe('who is calling', () => {
  const ask = (bearer?: string) => {
    const call = http().get('/api/v1/runners');
    return bearer === undefined ? call : call.set('authorization', `Bearer ${bearer}`);
  };
  const code = async (bearer?: string) => {
    const { status, body } = await ask(bearer);
    return `${status} ${body.code}`;
  };
  const now = () => Math.floor(Date.now() / 1000);

  it('is the issuer and subject of a good token', async () => {
    await ask(await issuer.token({ email: 'Alice@Example.com', email_verified: true })).expect(200);
    expect(bus.asked(subjects.listRunners).at(-1)?.context.caller).toEqual({
      issuer: issuer.issuer,
      subject: 'alice',
      email: 'alice@example.com',
      emailVerified: true,
      clientId: 'alice',
      claims: expect.objectContaining({ sub: 'alice', email: 'Alice@Example.com', aud: AUDIENCE }),
    });
  });

  it('refuses an expired token', async () =>
    expect(await code(await issuer.token({ exp: now() - 60 }))).toBe('401 token-expired'));
  it('refuses a token for somebody else', async () =>
    expect(await code(await issuer.token({ aud: 'another-service' }))).toBe('401 token-invalid'));
  it('refuses a token from somebody else', async () =>
    expect(await code(await issuer.token({ iss: 'https://evil.example' }))).toBe('401 issuer-untrusted'));
  it('refuses a token signed with another key', async () =>
    expect(await code(await issuer.token({}, { foreignKey: true }))).toBe('401 token-invalid'));
  it('refuses a token whose key is not published', async () =>
    expect(await code(await issuer.token({}, { kid: 'key-2' }))).toBe('401 token-invalid'));
  it('refuses the public key used as a shared secret', async () =>
    expect(await code(await issuer.confusedToken())).toBe('401 token-invalid'));
  it('refuses an unsigned token', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none', kid: 'key-1' })}.${part({ iss: issuer.issuer, aud: AUDIENCE, sub: 'alice', exp: now() + 60 })}.`;
    expect(await code(unsigned)).toBe('401 token-invalid');
  });
  it('refuses a token without an end', async () =>
    expect(await code(await issuer.token({ exp: 'never' as unknown as number }))).toBe('401 token-invalid'));
  it('refuses a token from the future', async () =>
    expect(await code(await issuer.token({ iat: now() + 120 }))).toBe('401 token-invalid'));
  it('refuses rubbish', async () => expect(await code('rubbish')).toMatch(/^401 /));

  it('asks the issuer for unknown keys once, not for each token', async () => {
    const before = issuer.fetches();
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => code(await issuer.token({}, { kid: `new-${index}` }))),
    );
    expect(issuer.fetches() - before).toBeLessThanOrEqual(1);
  });

  it('is dev@localhost when authentication is off', async () => {
    const open = new ScriptedBus();
    open.answer(subjects.listRunners, () => ({ runners: [], total: 0, fresh: true }));
    const gateway = await start({ ENABLE_OIDC_AUTH: 'false' }, open);
    await request(gateway.getHttpServer()).get('/api/v1/runners').expect(200);
    await gateway.close();
    expect(open.asked(subjects.listRunners)[0]?.context.caller?.subject).toBe('dev@localhost');
  });

  it('authentication cannot be off where others can reach it', () =>
    expect(() =>
      readGatewayConfig(environment({ ENABLE_OIDC_AUTH: 'false', SERVICE_HOST: '0.0.0.0' })),
    ).toThrow(/ENABLE_OIDC_AUTH/));
});

describe('for everybody', () => {
  it('a good request id is kept, a bad one replaced', async () => {
    const kept = await http().get('/health/live').set('x-request-id', 'abc.DEF_1-2');
    expect(kept.headers['x-request-id']).toBe('abc.DEF_1-2');
    const replaced = await http().get('/health/live').set('x-request-id', 'not good');
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('/health says live; ready says what is missing', async () => {
    await http().get('/health').expect(200);
    const { status, body } = await http().get('/health/ready');
    expect(status).toBe(503);
    expect(body.checks).toMatchObject({ bus: { status: 'up' }, provisioner: { status: 'down' } });
  });

  it.each(['/api/v1/runners/%', '/api/v1/runners/%FF', `/api/v1/runners/${'x'.repeat(3000)}`])(
    'an address that cannot be read is a problem too',
    async (path) => {
      const { status, body } = await http().get(path).set('authorization', `Bearer ${token}`);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'route-unknown' });
    },
  );

  it('metrics are not on the public door', () => http().get('/metrics').expect(404));

  it('/docs shows the API to people', () => http().get('/docs').expect(200));

  it("a problem's type is the address of its page", async () => {
    const { body } = await http().get('/api/v1/runners');
    const page = await http().get(new URL(body.type).pathname);
    expect({ status: page.status, type: page.type }).toEqual({ status: 200, type: 'text/plain' });
    expect(page.text).toMatch(/^# token-missing$/m);
    for (const path of ['/problems/no-such-code', '/problems/', '/problems/..%2f..%2fpackage.json']) {
      const { status, body: problem } = await http().get(path);
      expect({ path, status, code: problem.code }).toEqual({ path, status: 404, code: 'route-unknown' });
    }
  });

  it('who does not send a request whole within 30 s is not waited for', () =>
    expect(app.getHttpServer()).toMatchObject({ headersTimeout: 30_000, requestTimeout: 30_000 }));

  it('the dashboard sends a stranger to the sign-in and tells a program why not', async () => {
    const page = await http().get('/dashboard').set('accept', 'text/html');
    expect({ status: page.status, location: page.headers.location }).toEqual({
      status: 302,
      location: '/dashboard/login',
    });
    const program = await http().get('/dashboard/events').set('accept', 'text/event-stream');
    expect({ status: program.status, code: program.body.code }).toEqual({
      status: 401,
      code: 'token-missing',
    });
  });
});
