import { randomUUID } from 'node:crypto';
import { expect, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { type RecordObservation, subjects } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import { FakeGithub } from '#libs/github';
import { onEachDatabase } from '#libs/testing';
import { CycleRecord } from '../cycles/cycle-record.js';
import { Cycles } from '../cycles/cycles.js';
import { RequestedCycles } from '../cycles/requested-cycles.js';
import { LogRetentionJob } from '../retention/log-retention.job.js';
import { SettleRunnersJob } from '../settling/settle-runners.job.js';
import { PollingState } from '../status/polling-state.js';
import type { Polling } from '../sync.config.js';
import { SyncMetrics } from '../sync.metrics.js';
import { eventually } from '../testing/eventually.js';
import { FakeProvisioner } from '../testing/fake-provisioner.js';
import { LogOfRunners, scope } from '../testing/log-of-runners.js';
import { openTestDatabase } from '../testing/test-database.js';
import { quiet, trackedLog } from '../testing/tracked-log.js';
import { GithubLookout } from './github-lookout.js';
import { Leader } from './leader.js';
import { Lease } from './lease.js';
import { LeftBehind } from './left-behind.js';
import { ObservationReporter } from './observation-reporter.js';
import { ReconcileRunnersJob } from './reconcile-runners.job.js';
import { UnmanagedRunnersReporter } from './unmanaged-runners.reporter.js';
import { WatchPendingRunnersJob } from './watch-pending-runners.job.js';

jest.setTimeout(60_000);

const often: Polling = { everyMs: 20, pendingEveryMs: 10, atOnce: true };

onEachDatabase('replicas on one log', ({ test, newAddress, closing }) => {
  const replica = async ({
    store = inMemoryEventStore(),
    polling,
    github = new FakeGithub(),
  }: {
    store?: ReturnType<typeof inMemoryEventStore>;
    polling?: Polling;
    github?: FakeGithub;
  }) => {
    const database = closing(await openTestDatabase(newAddress()));
    const { runners, caughtUp } = closing(trackedLog(database, store));
    await caughtUp();
    const provisioner = new FakeProvisioner();
    const metrics = new SyncMetrics(new Registry());
    const lookout = new GithubLookout(github, runners);
    const reporter = new ObservationReporter(provisioner, metrics, quiet);
    const looking = { runners, lookout, reporter, metrics, logger: quiet };
    const requested = new RequestedCycles(database);
    const state = new PollingState(database, github);
    const leader = new Leader({
      lease: new Lease({ store, scope, logger: quiet, durationMs: 30_000 }),
      polling,
      pending: new WatchPendingRunnersJob(looking),
      cycles: new Cycles({
        reconciliation: new ReconcileRunnersJob({
          ...looking,
          unmanaged: new UnmanagedRunnersReporter(runners, provisioner, quiet),
          leftBehind: new LeftBehind({ runners, bus: provisioner, logger: quiet }),
        }),
        requested,
        record: new CycleRecord(store, scope),
        state,
        polling,
        logger: quiet,
      }),
      requested,
      state,
      retention: new LogRetentionJob({
        store,
        database,
        scope,
        retention: { deliverySeconds: 3_600, cycleEvents: 5 },
        logger: quiet,
      }),
      deliveries: undefined,
      settling: new SettleRunnersJob({
        runners,
        bus: provisioner,
        staleAfterMs: 86_400_000,
        metrics,
        logger: quiet,
      }),
      runners,
      logger: quiet,
    });
    const stopping = new AbortController();
    const ended = leader.lead(stopping.signal);
    const stop = async () => {
      stopping.abort();
      await ended;
    };
    closing({ close: stop });
    return { github, provisioner, stop };
  };

  test('only one polls; when it ends another goes on', async () => {
    const store = inMemoryEventStore();
    const log = new LogOfRunners(store);
    const githubs = [new FakeGithub(), new FakeGithub()];
    const runnerId = randomUUID();
    for (const github of githubs) {
      const { id } = github.addRunner({ name: 'gpu-1' });
      expect(id).toBe(1);
    }
    await log.pendingRunner(runnerId, 'gpu-1', 1);
    const [first, second] = [
      await replica({ store, polling: often, github: githubs[0] as FakeGithub }),
      await replica({ store, polling: often, github: githubs[1] as FakeGithub }),
    ];
    await eventually(() => expect(first.github.calls.length).toBeGreaterThan(20));
    expect(second.github.calls).toEqual([]);

    await first.stop();
    const asked = first.github.calls.length;
    second.github.changeRunner(1, { status: 'online' });
    await eventually(() => {
      const [observed] = second.provisioner.bodiesOf(subjects.recordObservation) as RecordObservation[];
      expect(observed).toMatchObject({ runnerId, observation: { status: 'online' } });
    });
    expect(first.github.calls).toHaveLength(asked);
  });

  test('settles what is open also where polling is switched off', async () => {
    const store = inMemoryEventStore();
    const log = new LogOfRunners(store);
    const runnerId = randomUUID();
    await log.claimName(runnerId, 'gpu-1');
    await log.requested(runnerId, 'gpu-1');
    await log.jitConfigIssued(runnerId, 1, { expiresAt: '2026-01-01T00:00:00.000Z' });
    const { github, provisioner } = await replica({ store, polling: undefined });
    await eventually(() =>
      expect(provisioner.bodiesOf(subjects.settleRunner)).toEqual([{ runnerId, runnerName: 'gpu-1' }]),
    );
    expect(github.calls).toEqual([]);
  });
});
