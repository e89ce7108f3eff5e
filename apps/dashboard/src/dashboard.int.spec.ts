import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { UserAccount } from '#libs/access';
import {
  type Caller,
  type Event,
  type RequestContext,
  runnerEvent,
  streams,
  subjects,
  userEvent,
} from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import { type Bus, natsBus, openDoors } from '#libs/messaging';
import type { Database } from '#libs/read-model';
import { CALLER_PASS_HEADER, internalAdapter, signCallerPass } from '#libs/runtime';
import { NATS_MISSING, natsServerProgram, startNats, type TestNats } from '#libs/testing';
import { eventsOf } from '../../../test/support/event-reader.js';
import { readDashboardConfig } from './dashboard.config.js';
import { DashboardModule } from './dashboard.module.js';
import { DATABASE, EVENT_STORE } from './dashboard.tokens.js';

const ISSUER = 'https://issuer.example';
const SECRET = 'a secret of the service';
const at = '2026-01-01T00:00:00.000Z';
const ann = randomUUID();
const bob = randomUUID();
const callerOf = (subject: string): Caller => ({ issuer: ISSUER, subject, emailVerified: false });

const program = natsServerProgram();
if (!program) process.stderr.write(`${NATS_MISSING}\n`);

(program ? describe : describe.skip)('the dashboard app', () => {
  const store = inMemoryEventStore();
  let folder: string;
  let nats: TestNats;
  let app: NestFastifyApplication;
  let bus: Bus;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rts-dashboard-'));
    nats = await startNats(program ?? '');
    const config = readDashboardConfig({
      NATS_URL: nats.url,
      EVENTSTORE_URL: 'esdb://not.asked.for',
      DATABASE_URL: `sqlite:///${folder}/views.db`,
      SERVER_SECRET: SECRET,
      OIDC_ISSUER: ISSUER,
      LOG_LEVEL: 'fatal',
    });
    const module = await Test.createTestingModule({ imports: [DashboardModule.with(config)] })
      .overrideProvider(EVENT_STORE)
      .useValue(store)
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(internalAdapter());
    await openDoors(app, 'dashboard', config);
    url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
    bus = natsBus('gateway', nats.url);
    await bus.connect();
    await append(streams.user(ann), userCreated(ann, false));
    await append(streams.user(ann), bound(ann, 'ann'));
    await append(streams.user(bob), userCreated(bob, false));
    await append(streams.user(bob), bound(bob, 'bob'));
  }, 30_000);

  afterAll(async () => {
    await bus?.close();
    await app?.close();
    await nats?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const append = async (stream: string, event: Event) => {
    const metadata = {
      $correlationId: 'r',
      $causationId: 'r',
      actor: { kind: 'service' as const },
    };
    const { position } = await store.append(stream, [{ ...event, id: randomUUID(), metadata }], 'any');
    return String(position);
  };
  const userCreated = (userId: string, isAdmin: boolean) =>
    userEvent('UserCreated')({
      userId,
      isAdmin,
      canUseJit: true,
      canUseRegistrationToken: true,
      createdAt: at,
    });
  const bound = (userId: string, subject: string) =>
    userEvent('UserIdentityBound')({ userId, issuer: ISSUER, subject, boundAt: at });
  const provision = async (runnerName: string, provisionedBy: string) => {
    const runnerId = randomUUID();
    const knownPosition = await append(
      streams.runner(runnerId),
      runnerEvent('RunnerProvisioningRequested')({
        runnerId,
        scope: { kind: 'org', login: 'acme' },
        installationId: 1,
        runnerName,
        provisioningMethod: 'jit',
        labels: ['linux'],
        runnerGroupId: 1,
        workFolder: '_work',
        ephemeral: true,
        disableUpdate: false,
        provisionedBy,
        requestedAt: new Date().toISOString(),
      }),
    );
    return { runnerId, knownPosition };
  };
  const context = (subject: string, knownPosition?: string): RequestContext => ({
    requestId: 'r',
    caller: callerOf(subject),
    ...(knownPosition ? { knownPosition } : {}),
  });
  const list = (given: RequestContext) =>
    bus.ask(subjects.listRunners, subjects.listRunners.request.parse({}), given);
  const get = (runner: string, given: RequestContext) => bus.ask(subjects.getRunner, { runner }, given);
  const open = (path: string, subject?: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      headers: {
        ...headers,
        ...(subject ? { [CALLER_PASS_HEADER]: signCallerPass(callerOf(subject), SECRET) } : {}),
      },
    });

  it('is ready when the log, the database and the bus are there', async () => {
    const response = await open('/health/ready');
    expect(await response.json()).toMatchObject({
      status: 'ready',
      checks: { 'event-store': { status: 'up' }, database: { status: 'up' }, bus: { status: 'up' } },
    });
    expect(await (await open('/metrics')).text()).toContain('rts_projection_position{projection="fleet"}');
  });

  it('shows callers what they have just written, and says when it cannot', async () => {
    const { runnerId, knownPosition } = await provision('first', ann);
    const { runners, total, fresh } = await list(context('ann', knownPosition));
    expect({ runners, total, fresh }).toMatchObject({
      runners: [{ runnerId, status: 'pending' }],
      total: 1,
      fresh: true,
    });
    expect(await list(context('ann', '999999'))).toMatchObject({ total: 1, fresh: false });
  });

  it('finds a runner by id, and by name the newest that the caller may see', async () => {
    const older = await provision('twin', ann);
    const newer = await provision('Twin', ann);
    const others = await provision('twin', bob);
    const known = context('ann', others.knownPosition);
    expect(await get('TWIN', known)).toMatchObject({ runner: { runnerId: newer.runnerId }, fresh: true });
    expect(await get(older.runnerId, known)).toMatchObject({ runner: { runnerName: 'twin' } });
  });

  it('answers for somebody else’s runner as for one that does not exist', async () => {
    const { runnerId, knownPosition } = await provision('private', bob);
    await expect(get(runnerId, context('ann', knownPosition))).rejects.toMatchObject({
      code: 'runner-unknown',
    });
    await expect(get('private', context('ann'))).rejects.toMatchObject({ code: 'runner-unknown' });
    await expect(get(randomUUID(), context('ann'))).rejects.toMatchObject({ code: 'runner-unknown' });
  });

  it('refuses callers it does not know, and questions without one', async () => {
    await expect(list(context('eve'))).rejects.toMatchObject({ code: 'user-not-authorized' });
    await expect(list({ requestId: 'r' })).rejects.toMatchObject({ code: 'token-missing' });
  });

  it('gives its figures to administrators only', async () => {
    const root = randomUUID();
    await append(streams.user(root), userCreated(root, true));
    await append(streams.user(root), bound(root, 'root'));
    const { knownPosition } = await provision('counted', ann);
    const stats = (subject: string) => bus.ask(subjects.dashboardStats, {}, context(subject, knownPosition));
    await expect(stats('ann')).rejects.toMatchObject({ code: 'admin-required' });
    await expect(stats('eve')).rejects.toMatchObject({ code: 'user-not-authorized' });
    const { runners, users, projections, fresh } = await stats('root');
    const { total } = await list(context('root', knownPosition));
    expect(runners).toEqual({
      total,
      byStatus: { pending: total, active: 0, offline: 0, deleted: 0 },
      byTeam: [{ pending: total, active: 0, offline: 0 }],
    });
    expect([users, fresh]).toEqual([{ total: 3, active: 3, admins: 1 }, true]);
    expect(projections.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'fleet live',
      'membership live',
    ]);
  });

  it('serves the page to whom the gateway vouches for, showing only what is theirs', async () => {
    await provision('of-bob', bob);
    const { knownPosition } = await provision('of-ann', ann);
    await list(context('ann', knownPosition));
    const response = await open('/dashboard', 'ann');
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('of-ann');
    expect(html).not.toContain('of-bob');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('cache-control')).toBe('no-store');
    for (const [, asset = ''] of html.matchAll(/(?:src|href)="(\/dashboard\/assets\/[^"]+)"/g)) {
      const answer = await open(asset.replaceAll('&amp;', '&'));
      expect([asset, answer.status, answer.headers.get('cache-control')]).toEqual([
        asset,
        200,
        'public, max-age=31536000, immutable',
      ]);
      await answer.text();
    }
  });

  it('refuses pages without a genuine pass', async () => {
    for (const path of ['/dashboard', '/dashboard/events']) {
      const response = await open(path, undefined, {
        [CALLER_PASS_HEADER]: signCallerPass(callerOf('ann'), 'another secret'),
      });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'token-missing' });
    }
    expect((await open('/dashboard', 'eve')).status).toBe(403);
    expect((await open('/dashboard/events', 'eve')).status).toBe(403);
  });

  it('moves the page by itself, showing no more than is the reader’s', async () => {
    const leave = new AbortController();
    const response = await fetch(`${url}/dashboard/events?q=live`, {
      headers: { [CALLER_PASS_HEADER]: signCallerPass(callerOf('ann'), SECRET) },
      signal: leave.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = eventsOf(response);
    expect((await events.next()).value?.data).toContain('No runner fits');

    await provision('live-of-bob', bob);
    const { knownPosition } = await provision('live-of-ann', ann);
    const { value } = await events.next();
    expect(value?.data).toContain('live-of-ann');
    expect(value?.data).not.toContain('live-of-bob');
    expect(Number(value?.id)).toBeGreaterThanOrEqual(Number(knownPosition));
    leave.abort();
  });

  it('ends a page whose reader is no active user any more, once the membership facts say so', async () => {
    const events = eventsOf(await open('/dashboard/events', 'bob'));
    expect((await events.next()).done).toBe(false);
    await app.get<Database>(DATABASE).em().nativeUpdate(UserAccount, { id: bob }, { isActive: false });
    const changedAt = Date.now();
    await append(streams.user(bob), bound(bob, 'bob-too'));
    while (!(await events.next()).done);
    // a second is promised; other tests share the machine
    expect(Date.now() - changedAt).toBeLessThan(10_000);
    expect((await open('/dashboard', 'bob')).status).toBe(403);
  });

  it('takes a log position as the last event id and nothing else', async () => {
    const malformed = await open('/dashboard/events', 'ann', { 'last-event-id': 'x' });
    expect(malformed.status).toBe(422);
    const resumed = await open('/dashboard/events', 'ann', { 'last-event-id': '3' });
    expect((await eventsOf(resumed).next()).value?.data).toContain('<table>');
    await resumed.body?.cancel().catch(() => {});
  });
});
