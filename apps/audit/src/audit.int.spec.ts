import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  type Fact,
  type RequestContext,
  runnerEvent,
  securityEvent,
  streams,
  subjects,
  userEvent,
} from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import { type Bus, natsBus, openDoors } from '#libs/messaging';
import { internalAdapter } from '#libs/runtime';
import { NATS_MISSING, natsServerProgram, startNats, type TestNats } from '#libs/testing';
import { readAuditConfig } from './audit.config.js';
import { AuditModule } from './audit.module.js';
import { EVENT_STORE } from './audit.tokens.js';

const ISSUER = 'https://issuer.example';
const at = '2026-01-01T00:00:00.000Z';
const ann = randomUUID();
const runnerId = randomUUID();
const fact = { runnerId, scope: { kind: 'org' as const, login: 'acme' }, installationId: 1 };

const program = natsServerProgram();
if (!program) process.stderr.write(`${NATS_MISSING}\n`);

(program ? describe : describe.skip)('the audit app', () => {
  const store = inMemoryEventStore();
  let folder: string;
  let nats: TestNats;
  let app: NestFastifyApplication;
  let bus: Bus;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rts-audit-'));
    nats = await startNats(program ?? '');
    const config = readAuditConfig({
      NATS_URL: nats.url,
      EVENTSTORE_URL: 'esdb://not.asked.for',
      DATA_DIR: folder,
      OIDC_ISSUER: ISSUER,
      LOG_LEVEL: 'fatal',
    });
    const module = await Test.createTestingModule({ imports: [AuditModule.with(config)] })
      .overrideProvider(EVENT_STORE)
      .useValue(store)
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(internalAdapter());
    await openDoors(app, 'audit', config);
    bus = natsBus('gateway', nats.url);
    await bus.connect();
    await append(
      streams.user(ann),
      userEvent('UserCreated')({
        userId: ann,
        email: 'ann@example.com',
        displayName: 'Ann',
        isAdmin: false,
        canUseJit: true,
        canUseRegistrationToken: true,
        createdAt: at,
      }),
    );
  }, 30_000);

  afterAll(async () => {
    await bus?.close();
    await app?.close();
    await nats?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const append = async (stream: string, event: Fact) => {
    const actor = { kind: 'user' as const, issuer: ISSUER, subject: 'ann', userId: ann };
    const metadata = { $correlationId: 'request-7', $causationId: 'r', actor };
    const { position } = await store.append(stream, [{ ...event, id: randomUUID(), metadata }], 'any');
    return String(position);
  };
  const context = (knownPosition?: string): RequestContext => ({
    requestId: 'r',
    caller: { issuer: ISSUER, subject: 'ann', email: 'ann@example.com', emailVerified: true },
    ...(knownPosition ? { knownPosition } : {}),
  });
  const search = (given: RequestContext) =>
    bus.ask(subjects.searchAuditRecords, subjects.searchAuditRecords.request.parse({ runnerId }), given);

  it('shows a caller the operation they have just done, and the runner’s timeline', async () => {
    const stream = streams.runner(runnerId);
    await append(
      stream,
      runnerEvent('RunnerProvisioningRequested')({
        ...fact,
        runnerName: 'build-1',
        provisioningMethod: 'jit',
        labels: ['linux'],
        runnerGroupId: 1,
        workFolder: '_work',
        ephemeral: true,
        disableUpdate: false,
        provisionedBy: ann,
        requestedAt: at,
      }),
    );
    const position = await append(
      stream,
      runnerEvent('RunnerJitConfigIssued')({
        ...fact,
        githubRunnerId: 42,
        labels: ['linux'],
        jitConfigSha256: 'a'.repeat(64),
        expiresAt: at,
        issuedAt: at,
      }),
    );
    expect(await search(context(position))).toMatchObject({
      logs: [
        {
          position,
          eventType: 'provision_jit',
          runnerName: 'build-1',
          userIdentity: 'ann@example.com',
          requestId: 'request-7',
          success: true,
        },
      ],
      total: 1,
      fresh: true,
    });
    expect(await bus.ask(subjects.runnerTimeline, { runnerId }, context(position))).toEqual({
      timeline: [
        {
          type: 'provision_jit',
          at: expect.any(String),
          actor: 'ann@example.com',
          summary: 'A JIT config was handed out; at GitHub it is runner 42.',
        },
      ],
    });
  });

  it('says when it has not caught up with what the caller knows', async () => {
    expect(await search(context('999999'))).toMatchObject({ total: 1, fresh: false });
  });

  it('shows all security events to administrators only', async () => {
    const ask = (asAdministrator: boolean) =>
      bus.ask(
        subjects.searchSecurityEvents,
        subjects.searchSecurityEvents.request.parse({ asAdministrator }),
        context(),
      );
    await expect(ask(true)).rejects.toMatchObject({ code: 'admin-required' });
    expect(await ask(false)).toMatchObject({ events: [], total: 0 });
    const position = await append(
      streams.user(ann),
      userEvent('UserBecameAdmin')({ userId: ann, becameAdminAt: at }),
    );
    const all = await bus.ask(
      subjects.searchSecurityEvents,
      subjects.searchSecurityEvents.request.parse({ asAdministrator: true, severity: 'high' }),
      context(position),
    );
    expect(all.events[0]).toMatchObject({ position, eventType: 'privilege_changed', severity: 'high' });
  });

  it('gives its figures to administrators only', async () => {
    const knownPosition = await append(
      streams.security('2026-01-01'),
      securityEvent('AccessRefused')({ code: 'token-invalid', detail: 'No.', refusedAt: at }),
    );
    const stats = (given: RequestContext) => bus.ask(subjects.auditStats, {}, given);
    await append(streams.user(ann), userEvent('UserCeasedToBeAdmin')({ userId: ann, ceasedAt: at }));
    const ceased = await append(
      streams.user(ann),
      userEvent('UserLoggedIn')({ userId: ann, loggedInAt: at }),
    );
    await expect(stats(context(ceased))).rejects.toMatchObject({ code: 'admin-required' });
    const became = await append(
      streams.user(ann),
      userEvent('UserBecameAdmin')({ userId: ann, becameAdminAt: at }),
    );
    const { audit, security, projections, fresh } = await stats(context(became));
    expect(fresh).toBe(true);
    expect(audit.lastDay.unsuccessful).toBe(1);
    expect(audit.total).toBeGreaterThan(security.total);
    expect(audit.lastDay.total).toBe(audit.total);
    expect(security.lastDay).toMatchObject({ low: 0, medium: 1 });
    expect(projections.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'audit-records live',
      'security-events live',
      'membership live',
    ]);
    for (const { position } of projections)
      expect(Number(position)).toBeGreaterThanOrEqual(Number(knownPosition));
  });

  it('refuses callers it does not know', async () => {
    const stranger = { issuer: ISSUER, subject: 'eve', emailVerified: false };
    await expect(search({ requestId: 'r', caller: stranger })).rejects.toMatchObject({
      code: 'user-not-authorized',
    });
    await expect(search({ requestId: 'r' })).rejects.toMatchObject({ code: 'token-missing' });
  });

  it('is ready when the log, the database and the bus are there', async () => {
    const { port } = app.getHttpServer().address() as { port: number };
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect(await response.json()).toMatchObject({
      status: 'ready',
      checks: { 'event-store': { status: 'up' }, database: { status: 'up' }, bus: { status: 'up' } },
    });
  });

  it('keeps an e-mail in one place of the database only', () => {
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    const mentions = files.join('').match(/ann@example\.com/gi) ?? [];
    expect(mentions.length).toBeGreaterThan(0);
    expect(files.join('')).not.toMatch(/"email"/);
  });
});
