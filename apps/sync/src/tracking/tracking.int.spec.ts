import { randomUUID } from 'node:crypto';
import { expect, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { Problem, type RecordWorkflowJob, subjects } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import { onEachDatabase } from '#libs/testing';
import { SyncMetrics } from '../sync.metrics.js';
import { eventually } from '../testing/eventually.js';
import { FakeProvisioner } from '../testing/fake-provisioner.js';
import { LogOfRunners } from '../testing/log-of-runners.js';
import { openTestDatabase } from '../testing/test-database.js';
import { quiet, trackedLog } from '../testing/tracked-log.js';
import { JobReporter } from './job-reporter.js';
import { JobReports } from './job-reports.js';

jest.setTimeout(60_000);

onEachDatabase('deliveries become commands to the provisioner', ({ test, newAddress, closing }) => {
  const start = async ({
    address = newAddress(),
    store = inMemoryEventStore(),
    refusalPausesMs = [1, 1, 1],
  } = {}) => {
    const database = closing(await openTestDatabase(address));
    const provisioner = new FakeProvisioner();
    const reports = new JobReports(database);
    const metrics = new SyncMetrics(new Registry());
    const reporter = new JobReporter({ reports, bus: provisioner, metrics, logger: quiet, refusalPausesMs });
    const tracked = trackedLog(database, store, () => reporter.wake());
    await tracked.caughtUp();
    const stopping = new AbortController();
    const ended = reporter.run(stopping.signal);
    const stop = async () => {
      stopping.abort();
      await ended;
      await tracked.close();
    };
    closing({ close: stop });
    const told = () => provisioner.bodiesOf(subjects.recordWorkflowJob) as RecordWorkflowJob[];
    return {
      ...tracked,
      address,
      stop,
      metrics,
      provisioner,
      told,
      stages: () => told().map(({ job, stage }) => `${job.jobId} ${stage}`),
      waiting: async () => (await reports.waitingAfter(-1n, 1000)).length,
    };
  };

  test('tells of a started and a completed job of our runner, with what the delivery says', async () => {
    const runnerId = randomUUID();
    const { log, store, told, stages, waiting, provisioner } = await start();
    await log.pendingRunner(runnerId, 'gpu-1', 71);
    await log.delivery({ action: 'queued' });
    await log.delivery({ action: 'in_progress', githubRunnerId: 71, runnerName: 'gpu-1' });
    const completedAt = '2026-11-03T10:05:00.000Z';
    await log.delivery({ action: 'completed', githubRunnerId: 71, conclusion: 'success', completedAt });

    await eventually(() => expect(stages()).toEqual(['501 in_progress', '501 completed']));
    const [started] = provisioner.told;
    expect(started?.context.requestId).toBe('request-1');
    expect(told()[1]).toEqual({
      runnerId,
      githubRunnerId: 71,
      stage: 'completed',
      job: {
        jobId: 501,
        runId: 401,
        runAttempt: 1,
        repository: 'octo-org/site',
        workflowName: 'build',
        jobName: 'compile',
        htmlUrl: 'https://github.com/octo-org/site/actions/runs/401/job/501',
      },
      conclusion: 'success',
      queuedAt: '2026-11-03T10:00:01.000Z',
      startedAt: '2026-11-03T10:00:02.000Z',
      completedAt,
      causationId: store.all().at(-1)?.id,
    });
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  test('says nothing of jobs that ran on no runner of ours, or on none at all', async () => {
    const { log, waiting, caughtUp, provisioner } = await start();
    await log.pendingRunner(randomUUID(), 'gpu-1', 71);
    await log.delivery({ action: 'in_progress', githubRunnerId: 72, runnerName: 'gpu-2' });
    await log.delivery({ action: 'completed', conclusion: 'cancelled' });
    await caughtUp();
    expect(await waiting()).toBe(0);
    expect(provisioner.asked).toBe(0);
  });

  test('knows a runner with a registration token by its name until GitHub’s id is known; ids win', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const { log, told, caughtUp } = await start();
    await log.requested(first, 'Static-1');
    await log.registrationTokenIssued(first);
    await log.pendingRunner(second, 'static-2', 72);
    // somebody's that was there before: the name we handed out was free as we spelt it
    await log.delivery({ action: 'in_progress', jobId: 4, githubRunnerId: 60, runnerName: 'static-1' });
    await log.delivery({ action: 'in_progress', jobId: 1, githubRunnerId: 90, runnerName: 'Static-1' });
    await log.delivery({ action: 'in_progress', jobId: 2, githubRunnerId: 72, runnerName: 'static-1' });
    // the name is right, the id is another's: the name was used again at GitHub
    await log.delivery({ action: 'in_progress', jobId: 3, githubRunnerId: 91, runnerName: 'static-2' });
    await caughtUp();
    await eventually(() =>
      expect(told().map(({ runnerId, job }) => [runnerId, job.jobId])).toEqual([
        [first, 1],
        [second, 2],
      ]),
    );
  });

  test('tells by its name of a job on a runner that may have been registered again: whether it was is not ours to judge', async () => {
    const [present, ended] = [randomUUID(), randomUUID()];
    const { log, told, caughtUp } = await start();
    for (const [runnerId, name, id] of [
      [ended, 'static-2', 70],
      [present, 'static-1', 71],
    ] as const) {
      await log.requested(runnerId, name);
      await log.registrationTokenIssued(runnerId);
      await log.registered(runnerId, id);
    }
    await log.deleted(ended);
    await log.delivery({ action: 'in_progress', jobId: 1, githubRunnerId: 72, runnerName: 'static-1' });
    await log.delivery({ action: 'in_progress', jobId: 2, githubRunnerId: 73, runnerName: 'static-2' });
    await log.delivery({ action: 'in_progress', jobId: 3, githubRunnerId: 70, runnerName: 'static-1' });
    await caughtUp();
    await eventually(() =>
      expect(
        told().map(({ runnerId, job, githubRunnerId }) => [runnerId, job.jobId, githubRunnerId]),
      ).toEqual(
        expect.arrayContaining([
          [present, 1, 72],
          [ended, 3, 70],
        ]),
      ),
    );
    expect(told()).toHaveLength(2);
  });

  test('gives a runner that has yet to connect until the end of a fresh token, and leaves others as they are', async () => {
    const [waiting, connected, deleting] = [randomUUID(), randomUUID(), randomUUID()];
    const { log, caughtUp, row } = await start();
    const fresh = { expiresAt: '2099-01-01T01:00:00.000Z' };
    for (const [index, runnerId] of [waiting, connected, deleting].entries()) {
      await log.requested(runnerId, `static-${index}`);
      await log.registrationTokenIssued(runnerId);
    }
    await log.registered(connected, 71);
    await log.cameOnline(connected);
    await log.deletionRequested(deleting);
    for (const runnerId of [waiting, connected, deleting]) await log.registrationTokenIssued(runnerId, fresh);
    await caughtUp();
    const [until, before] = [new Date(fresh.expiresAt), new Date('2099-01-01T00:00:00.000Z')];
    expect(await row(waiting)).toMatchObject({ state: 'pending', expiresAt: until, tokenExpiresAt: until });
    expect(await row(connected)).toMatchObject({
      state: 'idle',
      githubRunnerId: 71,
      expiresAt: before,
      tokenExpiresAt: until,
    });
    expect(await row(deleting)).toMatchObject({ state: 'deleting', tokenExpiresAt: until });
  });

  test('still tells of a job whose end arrives after its runner was seen to be gone', async () => {
    const runnerId = randomUUID();
    const { log, stages } = await start();
    await log.pendingRunner(runnerId, 'gpu-1', 71);
    await log.deleted(runnerId);
    await log.releaseName(runnerId, 'gpu-1');
    await log.delivery({ action: 'completed', githubRunnerId: 71, conclusion: 'success' });
    await eventually(() => expect(stages()).toEqual(['501 completed']));
  });

  test('keeps its place while the provisioner is away, and goes on in order when it is back', async () => {
    const runners = Array.from({ length: 10 }, () => randomUUID());
    const { log, provisioner, told, waiting, caughtUp, row } = await start();
    provisioner.goesDown();
    for (const [index, runnerId] of runners.entries()) {
      await log.pendingRunner(runnerId, `gpu-${index}`, 100 + index);
      await log.delivery({ action: 'in_progress', jobId: index, githubRunnerId: 100 + index });
      await log.delivery({ action: 'completed', jobId: index, githubRunnerId: 100 + index });
    }
    await caughtUp();
    await eventually(() => expect(provisioner.asked).toBeGreaterThan(10));
    // runners that come meanwhile are seen all the same
    expect(await row(runners[9] ?? '')).toMatchObject({ state: 'pending', githubRunnerId: 109 });
    expect(await waiting()).toBe(20);

    provisioner.comesBack();
    await eventually(() => expect(told()).toHaveLength(20));
    for (const runnerId of runners) {
      const ofRunner = told().filter((report) => report.runnerId === runnerId);
      expect(ofRunner.map(({ stage }) => stage)).toEqual(['in_progress', 'completed']);
    }
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  test('goes on after a restart with what had not been answered', async () => {
    const before = await start();
    before.provisioner.goesDown();
    await before.log.pendingRunner(randomUUID(), 'gpu-1', 71);
    await before.log.delivery({ action: 'in_progress', githubRunnerId: 71 });
    await before.caughtUp();
    await before.stop();

    const { address, store } = before;
    const { stages } = await start({ address, store });
    await eventually(() => expect(stages()).toEqual(['501 in_progress']));
  });

  test('does not repeat the past when its tables are built anew: the log shows what came of it', async () => {
    const runnerId = randomUUID();
    const store = inMemoryEventStore();
    const past = new LogOfRunners(store);
    await past.pendingRunner(runnerId, 'gpu-1', 71);
    await past.delivery({ action: 'in_progress', githubRunnerId: 71 });
    await past.jobStarted(runnerId, 501);
    await past.delivery({ action: 'completed', githubRunnerId: 71 });
    const { stages } = await start({ store });
    await eventually(() => expect(stages()).toEqual(['501 completed']));
  });

  test('steps over what the provisioner will never take, holding up its own runner only', async () => {
    const [poisoned, healthy] = [randomUUID(), randomUUID()];
    const refusalPausesMs = [20, 20, 20];
    const { log, provisioner, stages, waiting, metrics } = await start({ refusalPausesMs });
    provisioner.answers(({ body }) => {
      const { runnerId, stage } = body as RecordWorkflowJob;
      if (runnerId === poisoned && stage === 'in_progress') throw new Problem('unexpected', 'a bug');
      return { recorded: 1 };
    });
    await log.pendingRunner(poisoned, 'gpu-1', 71);
    await log.pendingRunner(healthy, 'gpu-2', 72);
    await log.delivery({ action: 'in_progress', jobId: 1, githubRunnerId: 71 });
    await log.delivery({ action: 'completed', jobId: 1, githubRunnerId: 71 });
    await log.delivery({ action: 'in_progress', jobId: 2, githubRunnerId: 72 });

    await eventually(() => expect(stages()).toEqual(['2 in_progress', '1 completed']));
    expect((await metrics.jobReports.get()).values).toContainEqual(
      expect.objectContaining({ labels: { result: 'stepped-over' }, value: 1 }),
    );
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  test('knows what a runner holds, also when its name is taken over without a release', async () => {
    const [lost, refused, next] = [randomUUID(), randomUUID(), randomUUID()];
    const teamId = randomUUID();
    const { log, caughtUp, row } = await start();
    await log.claimName(lost, 'Gpu-1');
    await log.reserveSlot(lost, teamId);
    await log.claimName(refused, 'gpu-2');
    await log.releaseName(refused, 'gpu-2');
    await log.claimName(next, 'gpu-1');
    await caughtUp();
    expect(await row(lost)).toMatchObject({
      state: 'claimed',
      name: 'Gpu-1',
      teamId,
      nameHeldSince: null,
      slotHeldSince: expect.any(Date),
    });
    expect(await row(refused)).toBeNull();
    expect(await row(next)).toMatchObject({ nameHeldSince: expect.any(Date) });
  });
});
