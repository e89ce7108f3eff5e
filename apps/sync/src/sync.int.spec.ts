import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, type INestMicroservice } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  examples,
  type RecordDelivery,
  type RecordObservation,
  type RecordWorkflowJob,
  streams,
  subjects,
} from '#libs/contracts';
import { type EventStore, eventStoreDb } from '#libs/event-store';
import { FakeAppHook, FakeGithub } from '#libs/github';
import { type Asked, asked, type Bus, natsBus, natsServer, openDoors } from '#libs/messaging';
import { internalAdapter } from '#libs/runtime';
import { NATS_MISSING, natsServerProgram, startNats, type TestNats } from '#libs/testing';
import {
  type EmbeddedEventStore,
  startEmbeddedEventStore,
} from '../../../libs/embedded-event-store/src/index.js';
import { DeliveryLedger } from './ledger/delivery-ledger.js';
import { readSyncConfig } from './sync.config.js';
import { SyncModule } from './sync.module.js';
import { APP_HOOK, EVENT_STORE, GITHUB } from './sync.tokens.js';
import { eventually } from './testing/eventually.js';
import { installationId, LogOfRunners, scope, workflowJobDelivery } from './testing/log-of-runners.js';

jest.setTimeout(60_000);

const program = natsServerProgram();
if (!program) process.stderr.write(`${NATS_MISSING}\n`);

const jobs: RecordWorkflowJob[] = [];
const observations: RecordObservation[] = [];

/** What the bus needs of a provisioner here. */
@Controller()
class ListeningProvisioner {
  @MessagePattern(subjects.recordWorkflowJob.subject)
  job(@Payload(asked(subjects.recordWorkflowJob)) { body }: Asked<typeof subjects.recordWorkflowJob>) {
    jobs.push(body);
    return { recorded: 1 };
  }

  /** Root administers. */
  @MessagePattern(subjects.describeCaller.subject)
  who(@Payload(asked(subjects.describeCaller)) { context }: Asked<typeof subjects.describeCaller>) {
    return { ...examples.caller, isAdmin: context.caller?.subject === 'root' };
  }

  @MessagePattern(subjects.recordObservation.subject)
  seen(@Payload(asked(subjects.recordObservation)) { body }: Asked<typeof subjects.recordObservation>) {
    observations.push(body);
    return { recorded: 1 };
  }
}

(program ? describe : describe.skip)('the sync app, on a real bus and a real store', () => {
  const github = new FakeGithub();
  const hook = new FakeAppHook();
  /** Recorded before the app starts: the first sitting is then, the next one minutes later. */
  const earlierDelivery = randomUUID();
  let folder: string;
  let nats: TestNats;
  let server: EmbeddedEventStore;
  let store: EventStore;
  let provisioner: INestMicroservice;
  let app: NestFastifyApplication;
  let bus: Bus;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rts-sync-'));
    const key = join(folder, 'app.pem');
    writeFileSync(key, 'not asked for');
    nats = await startNats(program ?? '');
    server = await startEmbeddedEventStore({ file: join(folder, 'log.db') });
    store = eventStoreDb(server.connectionString);
    await new LogOfRunners(store).delivery({ action: 'queued' }, earlierDelivery);
    provisioner = (
      await Test.createTestingModule({ controllers: [ListeningProvisioner] }).compile()
    ).createNestMicroservice(natsServer('provisioner', nats.url));
    await provisioner.listen();
    const config = readSyncConfig({
      NATS_URL: nats.url,
      EVENTSTORE_URL: server.connectionString,
      DATABASE_URL: `sqlite:///${folder}/views.db`,
      GITHUB_APP_ID: '1',
      GITHUB_APP_INSTALLATION_ID: String(installationId),
      GITHUB_APP_PRIVATE_KEY_PATH: key,
      GITHUB_ORG: scope.login,
      SYNC_PENDING_INTERVAL_SECONDS: '1',
      GITHUB_WEBHOOK_SECRET: 'the gateway knows it',
      DELIVERY_CHECK_INTERVAL_SECONDS: '1',
      LOG_LEVEL: 'fatal',
    });
    const module = await Test.createTestingModule({ imports: [SyncModule.with(config)] })
      .overrideProvider(EVENT_STORE)
      .useValue(store)
      .overrideProvider(GITHUB)
      .useValue(github)
      .overrideProvider(APP_HOOK)
      .useValue(hook)
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(internalAdapter());
    await openDoors(app, 'sync', config);
    url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
    bus = natsBus('gateway', nats.url);
    await bus.connect();
  }, 30_000);

  afterAll(async () => {
    await bus?.close();
    await app?.close();
    await provisioner?.close();
    await store?.close();
    await server?.stop();
    await nats?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  const deliver = (changes: Partial<RecordDelivery>) =>
    bus.ask(
      subjects.recordDelivery,
      {
        guid: randomUUID(),
        bodySha256: 'd'.repeat(64),
        installationId,
        organization: scope.login,
        workflowJob: workflowJobDelivery({ action: 'in_progress' }),
        ...changes,
      },
      { requestId: 'request-1' },
    );

  it('records a delivery once, and tells the provisioner of its job', async () => {
    const runnerId = randomUUID();
    const { id: githubRunnerId } = github.addRunner({ name: 'gpu-1' });
    await new LogOfRunners(store).pendingRunner(runnerId, 'gpu-1', githubRunnerId);
    const guid = randomUUID();
    const workflowJob = workflowJobDelivery({ action: 'in_progress', githubRunnerId });
    expect(await deliver({ guid, workflowJob })).toEqual({ status: 'accepted' });
    expect(await deliver({ guid, workflowJob })).toEqual({ status: 'duplicate' });
    expect(await deliver({ organization: 'somebody-else' })).toEqual({ status: 'ignored' });
    await eventually(() => expect(jobs).toMatchObject([{ runnerId, stage: 'in_progress' }]));
    expect(await store.read(`githubDelivery-${guid}`)).toHaveLength(1);
  });

  it('tells the store how long deliveries and records of polling are needed', async () => {
    // it only reads, so that the appends of the one client are left alone
    const reader = EventStoreDBClient.connectionString(server.connectionString);
    const metadataOf = async (stream: string) => (await reader.getStreamMetadata(stream)).metadata;
    await eventually(async () => {
      expect(await metadataOf(streams.githubDelivery(earlierDelivery))).toEqual({
        maxAge: 30 * 24 * 60 * 60,
      });
      expect(await metadataOf(streams.syncCycle(scope))).toEqual({ maxCount: 1_000 });
    });
    await reader.dispose();
  });

  it('sees a runner come online', async () => {
    const runnerId = randomUUID();
    const { id: githubRunnerId } = github.addRunner({ name: 'gpu-2' });
    await new LogOfRunners(store).pendingRunner(runnerId, 'gpu-2', githubRunnerId);
    github.changeRunner(githubRunnerId, { status: 'online' });
    await eventually(() =>
      expect(observations).toContainEqual(
        expect.objectContaining({ runnerId, observation: expect.objectContaining({ status: 'online' }) }),
      ),
    );
  });

  it('has GitHub deliver again what nobody recorded', async () => {
    const guid = randomUUID();
    await hook.deliver({ guid, installationId, statusCode: 503 });
    hook.receives(async ({ guid: again }) => {
      const { status } = await deliver({ guid: again });
      return status === 'accepted' ? 202 : 200;
    });
    await eventually(async () => expect(await store.read(`githubDelivery-${guid}`)).toHaveLength(1));
    const ledger = app.get(DeliveryLedger);
    await eventually(async () =>
      expect(await ledger.status()).toMatchObject({ enabled: true, accountedFor: 1, of: 1, askedAgain: 1 }),
    );
  });

  it('tells of many jobs at a time', async () => {
    const runners = Array.from({ length: 20 }, (_, index) => ({ id: randomUUID(), number: 1000 + index }));
    const log = new LogOfRunners(store);
    await Promise.all(runners.map(({ id, number }) => log.pendingRunner(id, `many-${number}`, number)));
    await Promise.all(
      runners.map(({ number }) =>
        deliver({
          workflowJob: workflowJobDelivery({ action: 'in_progress', jobId: number, githubRunnerId: number }),
        }),
      ),
    );
    await eventually(() =>
      expect(runners.every(({ id }) => jobs.some(({ runnerId }) => runnerId === id))).toBe(true),
    );
  });

  it('tells administrators, and nobody else, how its views get on', async () => {
    const stats = (subject: string) => {
      const caller = { issuer: 'https://issuer.example', subject, emailVerified: false };
      return bus.ask(subjects.syncStats, {}, { requestId: 'request-1', caller });
    };
    await expect(stats('ann')).rejects.toMatchObject({ code: 'admin-required' });
    await eventually(async () => {
      const { projections } = await stats('root');
      expect(projections).toEqual([
        { name: 'tracking', status: 'live', position: expect.any(String), lagSeconds: 0 },
        { name: expect.any(String), status: 'live', position: expect.any(String), lagSeconds: 0 },
      ]);
    });
  });

  it('says whether it is ready, over HTTP and over the bus, and what it has done', async () => {
    await eventually(async () => {
      const ready = await fetch(`${url}/health/ready`);
      expect([ready.status, await ready.json()]).toMatchObject([
        200,
        { checks: { 'event-store': { status: 'up' }, database: { status: 'up' }, bus: { status: 'up' } } },
      ]);
    });
    const report = await bus.ask(subjects.syncHealth, {}, { requestId: 'request-1' });
    expect(report.status).toBe('ready');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('rts_sync_deliveries_total{result="duplicate"} 1');
    expect(metrics).toContain('rts_sync_lease_held 1');
    expect(metrics).toContain('rts_projection_lag_seconds{projection="tracking"}');
  });
});
