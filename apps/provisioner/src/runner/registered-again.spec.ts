import { describe, expect, it } from '@jest/globals';
import { type GithubRunner, refusals } from '#libs/github';
import { minutesLater } from '../testing/minutes-later.js';
import { provisionerReplica } from '../testing/provisioner.js';
import { until } from '../testing/tenancy.js';
import { JOB, jobReport } from './runner.examples.js';

const NAME = 'static-1';

/** A runner at work, whose host loses it and registers it again with a fresh token. */
const start = async ({ ephemeral = false } = {}) => {
  const replica = provisionerReplica();
  const { provision, github, observe, recordWorkflowJob } = replica;
  const { runnerId } = await provision({
    provisioningMethod: 'registration_token',
    runnerName: NAME,
    ephemeral,
  });
  const appear = () => github.addRunner({ name: NAME, labels: ['self-hosted', 'gpu'], status: 'online' });
  const before = appear();
  const see = ({ id: githubRunnerId, busy, labels }: GithubRunner) =>
    observe(runnerId, { status: 'online', githubRunnerId, busy, labels });
  await see(before);
  const report = (
    stage: 'in_progress' | 'completed',
    changes: { githubRunnerId?: number; startedAt?: string } = {},
  ) => {
    const { type: _, at: __, ...reported } = jobReport(stage);
    const about = { runnerId, githubRunnerId: before.id, causationId: `delivery-${stage}` };
    return recordWorkflowJob({ ...reported, ...about, ...changes });
  };
  const registerAgain = () => {
    github.removeRunner(before.id);
    return appear();
  };
  const isThere = async ({ id }: GithubRunner) => (await github.getRunner(id)) !== 'absent';
  const state = async () => {
    const { state: known } = await replica.runners.load(runnerId);
    const githubRunnerId = 'githubRunnerId' in known ? known.githubRunnerId : undefined;
    return { state: known.state, githubRunnerId };
  };
  return { ...replica, runnerId, before, see, report, registerAgain, isThere, state };
};

describe('a runner being deleted whose host registered it again before', () => {
  /** That it has another id nobody has noticed before the deletion, which GitHub then fails to carry out. */
  const deleting = async () => {
    const replica = await start();
    const { github, registerAgain, deprovision, runnerId, state } = replica;
    const again = registerAgain();
    const release = github.holdNext('deleteRunner');
    github.refuseNext('deleteRunner', refusals.unavailable({ status: 502 }));
    const deprovisioned = deprovision(runnerId);
    await until(() => github.calls.includes('deleteRunner'));
    release();
    expect(await deprovisioned).toMatchObject({ confirmed: false });
    expect((await state()).state).toBe('deleting');
    return { ...replica, again };
  };

  it.each([
    ['sync misses the id it had', ({ observe, runnerId }) => observe(runnerId, { status: 'absent' })],
    ['somebody asks for a look', ({ refresh, runnerId }) => refresh(runnerId)],
    ['its token runs out', async () => {}],
  ] as [string, (replica: Awaited<ReturnType<typeof deleting>>) => Promise<unknown>][])(
    'is not deleted because %s: its machine is first',
    async (_, happen) => {
      const replica = await deleting();
      await happen(replica);
      expect((await replica.state()).state).toBe('deleting');
      expect(await replica.slotsInUse()).toBe(1);
      await minutesLater(90, () => replica.settle(replica.runnerId));
      expect(await replica.isThere(replica.again)).toBe(false);
      expect((await replica.state()).state).toBe('deleted');
      expect(await replica.slotsInUse()).toBe(0);
    },
  );
});

describe('a runner whose host lost it at work and registered it again', () => {
  const lost = async (options: Parameters<typeof start>[0] = {}) => {
    const replica = await start(options);
    replica.github.startJob(JOB.repository, JOB.jobId);
    await replica.report('in_progress');
    const again = replica.registerAgain();
    await replica.see(again);
    return { ...replica, again };
  };

  it('is idle at once', async () => {
    const { state, again } = await lost();
    expect(await state()).toEqual({ state: 'idle', githubRunnerId: again.id });
  });

  it('does not end with the job it lost, whoever tells of its end', async () => {
    const { report, github, see, again, state, history, runnerId } = await lost({ ephemeral: true });
    github.endJob(JOB.repository, JOB.jobId, 'failure');
    await see(again);
    await until(async () => (await history(runnerId)).includes('RunnerCompletedWorkflowJob'));
    await report('completed');
    expect(await state()).toEqual({ state: 'idle', githubRunnerId: again.id });
  });

  it('does not end with the job it lost when that job comes to be known later still', async () => {
    const { report, registerAgain, see, state } = await start({ ephemeral: true });
    const again = registerAgain();
    await see(again);
    await report('in_progress');
    await report('completed');
    expect(await state()).toEqual({ state: 'idle', githubRunnerId: again.id });
  });

  it('is known by its new id when a job starts on it before anybody looks', async () => {
    const { report, registerAgain, state, history, runnerId, observe } = await start();
    const { id: githubRunnerId } = registerAgain();
    await report('in_progress', { githubRunnerId, startedAt: new Date().toISOString() });
    expect(await state()).toEqual({ state: 'busy', githubRunnerId });
    expect((await history(runnerId)).slice(-2)).toEqual(['RunnerRegistered', 'RunnerStartedWorkflowJob']);
    await observe(runnerId, { status: 'absent' });
    expect((await state()).state).toBe('busy');
  });

  it('has no part in a job of somebody who bears its name when it has no token', async () => {
    const { report, registerAgain, state, history, runnerId, before } = await start();
    const { id: githubRunnerId } = registerAgain();
    const facts = (await history(runnerId)).length;
    const startedAt = new Date(Date.now() + 90 * 60_000).toISOString();
    await report('in_progress', { githubRunnerId, startedAt });
    // whoever had the name before it
    await report('completed', { githubRunnerId: before.id - 1 });
    expect(await state()).toEqual({ state: 'idle', githubRunnerId: before.id });
    expect(await history(runnerId)).toHaveLength(facts);
  });

  it('is not what it was because somebody is still shown that', async () => {
    const { before, again, see, state } = await lost();
    await see(before);
    expect(await state()).toEqual({ state: 'idle', githubRunnerId: again.id });
  });

  it('has not gone because what it was is missed when its token has run out', async () => {
    const { observe, runnerId, state, again } = await lost();
    await minutesLater(90, () => observe(runnerId, { status: 'absent' }));
    expect(await state()).toEqual({ state: 'idle', githubRunnerId: again.id });
  });
});

describe('a runner whose host registered it again while its token was only just good', () => {
  const HOUR_OVER = 64;
  const late = async () => {
    const replica = await start();
    const again = await minutesLater(59, async () => replica.registerAgain());
    return { ...replica, again };
  };

  it.each([
    ['sync looks', ({ observe, runnerId }) => observe(runnerId, { status: 'absent' })],
    ['somebody asks for a look', ({ refresh, runnerId }) => refresh(runnerId)],
  ] as [string, (replica: Awaited<ReturnType<typeof late>>) => Promise<unknown>][])(
    'is the same runner when %s minutes later',
    async (_, look) => {
      const replica = await late();
      await minutesLater(HOUR_OVER, () => look(replica));
      expect(await replica.state()).toEqual({ state: 'idle', githubRunnerId: replica.again.id });
    },
  );

  it('is deleted with its machine', async () => {
    const { deprovision, runnerId, again, isThere } = await late();
    await minutesLater(HOUR_OVER, () => deprovision(runnerId));
    expect(await isThere(again)).toBe(false);
  });

  it('is no machine too many of another with the same labels', async () => {
    const { provision, renewToken, reportUnmanaged, again, isThere } = await late();
    const order = { provisioningMethod: 'registration_token' as const, runnerName: 'static-2' };
    const { runnerId: other } = await provision(order);
    await minutesLater(30, () => renewToken(other));
    const { id: githubRunnerId, name, labels } = again;
    const absentAt = await minutesLater(58, async () => new Date().toISOString());
    const told = { githubRunnerId, name, labels, status: 'online' as const, absentAt };
    const report = () => reportUnmanaged([{ ...told, sharesLabelsWith: [other] }]);
    expect(await minutesLater(HOUR_OVER, report)).toEqual([]);
    await new Promise(setImmediate);
    expect(await isThere(again)).toBe(true);
  });
});
