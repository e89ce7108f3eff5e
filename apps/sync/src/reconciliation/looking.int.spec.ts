import { randomUUID } from 'node:crypto';
import { expect, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { type RecordObservation, type RecordUnmanaged, subjects } from '#libs/contracts';
import { FakeGithub, refusals } from '#libs/github';
import { onEachDatabase } from '#libs/testing';
import { SyncMetrics } from '../sync.metrics.js';
import { FakeProvisioner } from '../testing/fake-provisioner.js';
import { openTestDatabase } from '../testing/test-database.js';
import { quiet, trackedLog } from '../testing/tracked-log.js';
import { GithubLookout } from './github-lookout.js';
import { LeftBehind } from './left-behind.js';
import { ObservationReporter } from './observation-reporter.js';
import { ReconcileRunnersJob } from './reconcile-runners.job.js';
import { UnmanagedRunnersReporter } from './unmanaged-runners.reporter.js';
import { WatchPendingRunnersJob } from './watch-pending-runners.job.js';

jest.setTimeout(60_000);

onEachDatabase('looking at GitHub', ({ test, newAddress, closing }) => {
  const start = async ({
    credit,
  }: {
    credit?: { available(): number; provisioned(count: number): void };
  } = {}) => {
    const database = closing(await openTestDatabase(newAddress()));
    const { log, runners, caughtUp } = closing(trackedLog(database));
    const github = new FakeGithub();
    const provisioner = new FakeProvisioner();
    const metrics = new SyncMetrics(new Registry());
    const lookout = new GithubLookout(github, runners);
    const reporter = new ObservationReporter(provisioner, metrics, quiet);
    const parts = { runners, lookout, reporter, metrics, credit, logger: quiet };
    const leftBehind = new LeftBehind({ runners, bus: provisioner, logger: quiet, patienceMs: 0 });
    const pending = new WatchPendingRunnersJob(parts);
    const reconciliation = new ReconcileRunnersJob({
      ...parts,
      leftBehind,
      unmanaged: new UnmanagedRunnersReporter(runners, provisioner, quiet),
    });
    const ending = new AbortController();
    const tenure = { observer: randomUUID(), term: 7, signal: ending.signal };
    return {
      log,
      github,
      provisioner,
      endTenure: () => ending.abort(),
      observed: () => provisioner.bodiesOf(subjects.recordObservation) as RecordObservation[],
      /** A runner that has its JIT config, here and at GitHub. */
      pendingRunner: async (name: string) => {
        const { id: githubRunnerId } = github.addRunner({ name, labels: ['linux'], ephemeral: true });
        const runnerId = randomUUID();
        await log.pendingRunner(runnerId, name, githubRunnerId);
        return { runnerId, githubRunnerId };
      },
      lookAtPending: async () => {
        await caughtUp();
        await pending.run(tenure);
      },
      lookAtAll: async () => {
        await caughtUp();
        return reconciliation.run(tenure, 'low');
      },
    };
  };

  test('has a runner removed that has ended and is still listed, offline', async () => {
    const { pendingRunner, github, log, lookAtAll, provisioner } = await start();
    const settled = () => provisioner.bodiesOf(subjects.settleRunner);
    const left = await pendingRunner('gpu-1');
    const online = await pendingRunner('gpu-2');
    await pendingRunner('gpu-3');
    github.changeRunner(online.githubRunnerId, { status: 'online' });
    for (const { runnerId } of [left, online]) await log.deleted(runnerId);
    await lookAtAll();
    expect(settled()).toEqual([{ runnerId: left.runnerId, runnerName: 'gpu-1', stillAtGithub: true }]);
    github.removeRunner(left.githubRunnerId);
    await lookAtAll();
    expect(settled()).toHaveLength(1);
  });

  test('sees a pending runner come online, and says when it was seen', async () => {
    const { pendingRunner, github, lookAtPending, observed } = await start();
    const { runnerId, githubRunnerId } = await pendingRunner('gpu-1');
    await lookAtPending();
    expect(observed()).toEqual([]);

    github.changeRunner(githubRunnerId, { status: 'online' });
    const askedAt = new Date().toISOString();
    await lookAtPending();
    expect(observed()).toEqual([
      {
        runnerId,
        observation: { status: 'online', githubRunnerId, busy: false, labels: ['linux'] },
        seenAt: expect.any(String),
        term: 7,
      },
    ]);
    expect((observed()[0]?.seenAt ?? '') >= askedAt).toBe(true);
    expect(github.calls).toEqual(['getRunner', 'getRunner']);
  });

  test('finds a runner with a registration token by its name, but no former bearer of it', async () => {
    const { log, github, lookAtPending, observed } = await start();
    const [former, runnerId] = [randomUUID(), randomUUID()];
    const old = github.addRunner({ name: 'static-1' });
    await log.pendingRunner(former, 'static-1', old.id);
    await log.deleted(former);
    await log.releaseName(former, 'static-1');
    await log.requested(runnerId, 'static-1');
    await log.registrationTokenIssued(runnerId);
    await lookAtPending();
    expect(observed()).toEqual([]);

    github.removeRunner(old.id);
    const { id: githubRunnerId } = github.addRunner({ name: 'static-1', status: 'online' });
    await lookAtPending();
    expect(observed()).toMatchObject([{ runnerId, observation: { githubRunnerId, status: 'online' } }]);
  });

  test('finds a runner by its name when its host has registered it again; else it is gone', async () => {
    const { log, github, lookAtAll, observed } = await start();
    const hosts = await Promise.all(
      ['2099-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'].map(async (expiresAt, index) => {
        const [runnerId, name] = [randomUUID(), `static-${index}`];
        const before = github.addRunner({ name, status: 'online' });
        await log.requested(runnerId, name);
        await log.registrationTokenIssued(runnerId, { expiresAt });
        await log.registered(runnerId, before.id);
        await log.cameOnline(runnerId);
        github.removeRunner(before.id);
        const { id: githubRunnerId } = github.addRunner({ name, status: 'online' });
        return { runnerId, githubRunnerId };
      }),
    );
    await lookAtAll();
    const [fresh, expired] = hosts;
    expect(observed()).toHaveLength(2);
    expect(observed()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          runnerId: fresh?.runnerId,
          observation: expect.objectContaining({ githubRunnerId: fresh?.githubRunnerId, status: 'online' }),
        }),
        expect.objectContaining({ runnerId: expired?.runnerId, observation: { status: 'absent' } }),
      ]),
    );
  });

  test('looks at hundreds of pending runners with one listing', async () => {
    const { pendingRunner, github, lookAtPending, observed } = await start();
    for (let number = 0; number < 150; number++) {
      const { githubRunnerId } = await pendingRunner(`gpu-${number}`);
      if (number % 2 === 0) github.changeRunner(githubRunnerId, { status: 'online' });
    }
    await lookAtPending();
    expect(github.calls).toEqual(['listRunners']);
    expect(observed()).toHaveLength(75);
  });

  test('prefers a listing to more lookups than it costs', async () => {
    const { pendingRunner, github, lookAtPending, lookAtAll } = await start();
    for (const name of ['gpu-1', 'gpu-2', 'gpu-3']) await pendingRunner(name);
    await lookAtPending();
    await lookAtAll();
    await lookAtPending();
    expect(github.calls).toEqual(['getRunner', 'getRunner', 'getRunner', 'listRunners', 'listRunners']);
  });

  test('says that a runner is gone only after a lookup by id has confirmed it', async () => {
    const { pendingRunner, log, github, lookAtAll, observed } = await start();
    const gone = await pendingRunner('gpu-1');
    const shy = await pendingRunner('gpu-2');
    const idle = await pendingRunner('gpu-3');
    await log.cameOnline(gone.runnerId);
    await log.cameOnline(idle.runnerId);
    github.changeRunner(idle.githubRunnerId, { status: 'online' });
    github.removeRunner(gone.githubRunnerId);
    // between two pages: not listed, and there all the same
    const listRunners = github.listRunners.bind(github);
    github.listRunners = async () => {
      const { runners, ...rest } = await listRunners();
      return { ...rest, runners: runners.filter(({ id }) => id !== shy.githubRunnerId) };
    };
    expect(await lookAtAll()).toMatchObject({
      result: { updated: 0, deleted: 1, unchanged: 2, errors: 0, labelDrifts: 0, total: 3 },
    });
    expect(observed()).toEqual([
      { runnerId: gone.runnerId, observation: { status: 'absent' }, seenAt: expect.any(String), term: 7 },
    ]);
  });

  test('concludes nothing from a listing that failed, nor from a lookup that failed', async () => {
    const { pendingRunner, github, lookAtAll, observed } = await start();
    const gone = await pendingRunner('gpu-1');
    await pendingRunner('gpu-2');
    github.removeRunner(gone.githubRunnerId);
    github.refuseNext('listRunners', refusals.unavailable({ status: 502 }));
    expect(await lookAtAll()).toMatchObject({ problem: { code: 'github-unavailable' } });
    github.refuseNext('getRunner', refusals.timeout(10, {}));
    expect(await lookAtAll()).toMatchObject({ result: { deleted: 0, errors: 1 } });
    expect(observed()).toEqual([]);
    expect(await lookAtAll()).toMatchObject({ result: { deleted: 1, errors: 0 } });
    expect(observed()).toHaveLength(1);
  });

  test('tells again what a provisioner that was away has missed', async () => {
    const { pendingRunner, github, provisioner, lookAtPending, observed } = await start();
    const { githubRunnerId } = await pendingRunner('gpu-1');
    github.changeRunner(githubRunnerId, { status: 'online' });
    provisioner.goesDown();
    await lookAtPending();
    expect(provisioner.asked).toBe(1);
    provisioner.comesBack();
    await lookAtPending();
    expect(observed()).toHaveLength(1);
  });

  test('tells of runners nobody knows until the provisioner has judged them', async () => {
    const { pendingRunner, log, github, provisioner, lookAtAll } = await start();
    const strangers = [
      github.addRunner({ name: 'under-a-desk' }),
      github.addRunner({ name: 'in-the-attic' }),
    ];
    await pendingRunner('gpu-1');
    const ended = await pendingRunner('gpu-2');
    await log.deleted(ended.runnerId);
    const adopted = randomUUID();
    await log.requested(adopted, 'static-1');
    await log.registrationTokenIssued(adopted);
    github.addRunner({ name: 'static-1' });

    const told = () =>
      (provisioner.bodiesOf(subjects.recordUnmanaged) as RecordUnmanaged[]).map(({ runners }) =>
        runners.map(({ name }) => name),
      );
    provisioner.goesDown();
    expect(await lookAtAll()).toMatchObject({ result: { unmanaged: 0 } });
    // one of them is being provisioned, says the provisioner
    provisioner.answers(({ subject }) =>
      subject === subjects.recordUnmanaged.subject ? { unmanaged: [strangers[0]?.id] } : { recorded: 1 },
    );
    expect(await lookAtAll()).toMatchObject({
      result: { unmanaged: 1 },
      unmanaged: { total: 1, newest: [{ name: 'under-a-desk' }] },
    });
    await lookAtAll();
    expect(told()).toEqual([['under-a-desk', 'in-the-attic'], ['in-the-attic']]);
    for (const { id } of strangers) github.removeRunner(id);
    expect(await lookAtAll()).toMatchObject({ result: { unmanaged: 0 } });
  });

  test('says of a runner nobody knows when it appeared, and whose registration token may have been used', async () => {
    const { log, github, provisioner, lookAtAll } = await start();
    const holder = randomUUID();
    await log.requested(holder, 'static-1', { labels: ['linux', 'gpu'] });
    await log.registrationTokenIssued(holder);
    const told = () =>
      (provisioner.bodiesOf(subjects.recordUnmanaged) as RecordUnmanaged[]).at(-1)?.runners ?? [];
    provisioner.answers(({ subject }) =>
      subject === subjects.recordUnmanaged.subject ? { unmanaged: [] } : { recorded: 1 },
    );
    github.addRunner({ name: 'was-there', labels: ['GPU'] });
    await lookAtAll();
    expect(told()).toMatchObject([{ name: 'was-there', sharesLabelsWith: [holder] }]);
    expect(told()[0]).not.toHaveProperty('absentAt');
    github.addRunner({ name: 'surplus', labels: ['self-hosted', 'gpu'] });
    github.addRunner({ name: 'other', labels: ['cpu'] });
    for (let times = 0; times < 2; times++) {
      await lookAtAll();
      const [before, surplus, other] = told();
      expect(before).not.toHaveProperty('absentAt');
      expect(surplus).toMatchObject({
        name: 'surplus',
        absentAt: expect.any(String),
        sharesLabelsWith: [holder],
      });
      expect(other).toMatchObject({ name: 'other', absentAt: expect.any(String) });
      expect(other).not.toHaveProperty('sharesLabelsWith');
    }
  });

  test('spends no more than its credit on watching; what it leaves out the next look at all sees', async () => {
    let available = 2;
    const arrived: number[] = [];
    const credit = { available: () => available, provisioned: (count: number) => void arrived.push(count) };
    const { pendingRunner, github, lookAtPending, lookAtAll, observed } = await start({ credit });
    const runners = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => pendingRunner(`gpu-${name}`)));
    for (const { githubRunnerId } of runners) github.changeRunner(githubRunnerId, { status: 'online' });
    await lookAtPending();
    expect(github.calls).toEqual(['getRunner', 'getRunner']);
    await lookAtPending();
    // those that were looked at are not looked at again before the others
    expect(new Set(observed().map(({ runnerId }) => runnerId)).size).toBe(4);
    available = 0;
    await lookAtPending();
    expect(github.calls).toHaveLength(4);
    expect(arrived).toEqual([5, 0, 0]);
    await lookAtAll();
    expect(new Set(observed().map(({ runnerId }) => runnerId)).size).toBe(5);
  });

  test('without credit says that a runner is gone when it is missing a second time', async () => {
    const credit = { available: () => 0, provisioned: () => {} };
    const { pendingRunner, github, lookAtPending, lookAtAll, observed } = await start({ credit });
    const { githubRunnerId } = await pendingRunner('gpu-1');
    await pendingRunner('gpu-2');
    github.removeRunner(githubRunnerId);
    await lookAtAll();
    expect(github.calls).toEqual(['listRunners']);
    await lookAtPending();
    await lookAtAll();
    expect(observed()).toMatchObject([{ observation: { status: 'absent' } }]);
  });

  test('tells nothing any more once the lease is over', async () => {
    const { pendingRunner, github, endTenure, provisioner, lookAtAll, lookAtPending } = await start();
    const { githubRunnerId } = await pendingRunner('gpu-1');
    github.changeRunner(githubRunnerId, { status: 'online' });
    endTenure();
    await lookAtPending();
    await lookAtAll();
    expect(provisioner.asked).toBe(0);
  });
});
