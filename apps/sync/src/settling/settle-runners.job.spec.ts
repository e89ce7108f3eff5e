import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Problem, subjects } from '#libs/contracts';
import { SyncMetrics } from '../sync.metrics.js';
import { eventually } from '../testing/eventually.js';
import { FakeProvisioner } from '../testing/fake-provisioner.js';
import { quiet } from '../testing/tracked-log.js';
import type { TrackedRunnerRow } from '../tracking/tracked-runner.entity.js';
import { SettleRunnersJob } from './settle-runners.job.js';

const began = Date.parse('2026-11-03T10:00:00.000Z');
const runner = (number: number): TrackedRunnerRow => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  name: `gpu-${number}`,
  nameKey: `gpu-${number}`,
  githubRunnerId: number,
  teamId: null,
  state: 'deleting',
  stateSince: new Date(began),
  stateBefore: 'idle',
  expiresAt: null,
  tokenExpiresAt: null,
  labels: [],
  driftedTo: null,
  cancellingJobId: null,
  cancellingSince: null,
  nameHeldSince: new Date(began),
  slotHeldSince: null,
  position: 1n,
});

describe('settling', () => {
  let second: number;
  let unsettled: TrackedRunnerRow[];
  let provisioner: FakeProvisioner;
  let job: SettleRunnersJob;
  const tenure = new AbortController().signal;
  const at = (seconds: number) => {
    second = seconds;
    return job.run(tenure);
  };
  const settled = () => provisioner.bodiesOf(subjects.settleRunner);

  beforeEach(() => {
    unsettled = [runner(1)];
    provisioner = new FakeProvisioner();
    job = new SettleRunnersJob({
      runners: { unsettled: async () => unsettled },
      bus: provisioner,
      staleAfterMs: 86_400_000,
      metrics: new SyncMetrics(new Registry()),
      logger: quiet,
      now: () => new Date(began + second * 1000),
    });
  });

  it('asks for a runner again after 2, 4, 8 … seconds while it stays open', async () => {
    const askedAt: number[] = [];
    provisioner.answers(() => {
      askedAt.push(second);
      throw new Problem('github-unavailable', 'GitHub has not confirmed the deletion.');
    });
    for (let now = 0; now <= 60; now += 2) await at(now);
    expect(askedAt).toEqual([4, 6, 10, 18, 34]);
  });

  it('begins anew when the runner is open in another way', async () => {
    await at(4);
    await at(5);
    expect(settled()).toHaveLength(1);
    unsettled = [{ ...runner(1), state: 'ended' }];
    await at(5.5);
    expect(settled()).toHaveLength(2);
  });

  it('does not make runners wait longer because the provisioner was away', async () => {
    provisioner.goesDown();
    for (let now = 4; now <= 40; now += 2) await at(now);
    provisioner.comesBack();
    await at(42);
    expect(settled()).toEqual([{ runnerId: runner(1).id, runnerName: 'gpu-1' }]);
  });

  it('asks once at a time, and goes on with others while one takes long', async () => {
    let finish = () => {};
    provisioner.answers(
      () =>
        new Promise((resolve) => {
          finish = () => resolve({ recorded: 1 });
        }),
    );
    const slow = at(4);
    await eventually(() => expect(provisioner.asked).toBe(1));
    unsettled = [runner(1), runner(2)];
    provisioner.comesBack();
    await at(30);
    expect(settled()).toEqual([{ runnerId: runner(2).id, runnerName: 'gpu-2' }]);
    finish();
    await slow;
  });

  it('asks for a few runners at a time, and for all of them in the end', async () => {
    unsettled = Array.from({ length: 40 }, (_, index) => runner(index));
    await at(4);
    expect(settled()).toHaveLength(16);
    await at(4);
    await at(4);
    expect(new Set(settled().map((body) => (body as { runnerId: string }).runnerId)).size).toBe(40);
  });

  it('begins nothing once the lease is over', async () => {
    second = 4;
    await job.run(AbortSignal.abort());
    expect(provisioner.asked).toBe(0);
  });
});
