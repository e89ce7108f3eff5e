import { describe, expect, it } from '@jest/globals';
import { type GithubRunner, refusals } from '#libs/github';
import { provisionerReplica } from '../testing/provisioner.js';
import { until } from '../testing/tenancy.js';
import { JOB, jobReport } from './runner.examples.js';

/** A runner that lasts, at work on a job, and what GitHub shows of it. */
const atWork = async () => {
  const replica = provisionerReplica();
  const { provision, github, recordWorkflowJob, observe } = replica;
  const order = {
    provisioningMethod: 'registration_token',
    ephemeral: false,
    runnerName: 'lasting',
  } as const;
  const { runnerId, runnerName, labels } = await provision(order);
  const { id } = github.addRunner({ name: runnerName, labels: [...labels], status: 'online', busy: true });
  github.startJob(JOB.repository, JOB.jobId);
  const { type: _, at: __, ...report } = jobReport('in_progress');
  await recordWorkflowJob({ ...report, runnerId, githubRunnerId: id, causationId: 'delivery-1' });
  const lookIdle = async () => {
    github.changeRunner(id, { busy: false });
    const { labels: shown } = (await github.getRunner(id)) as GithubRunner;
    await observe(runnerId, { status: 'online', busy: false, githubRunnerId: id, labels: shown });
  };
  const hasLooked = (times: number) =>
    until(async () => github.calls.filter((call) => call === 'getWorkflowJob').length >= times);
  const last = async () => (await replica.history(runnerId)).at(-1);
  return { ...replica, runnerId, lookIdle, hasLooked, last };
};

describe('a runner that GitHub shows as idle while its job is known to run', () => {
  it('is idle when the job has ended and nobody told', async () => {
    const { github, lookIdle, last } = await atWork();
    github.endJob(JOB.repository, JOB.jobId, 'failure');
    await lookIdle();
    await until(async () => (await last()) === 'RunnerCompletedWorkflowJob');
  });

  it('is at work while the job runs: GitHub hides it at times', async () => {
    const { lookIdle, hasLooked, last } = await atWork();
    await lookIdle();
    await hasLooked(1);
    await lookIdle();
    await hasLooked(2);
    expect(await last()).toBe('RunnerStartedWorkflowJob');
  });

  it('is taken to be at work while GitHub does not show the job, and looked at again', async () => {
    const { github, lookIdle, hasLooked, last } = await atWork();
    github.refuseNext('getWorkflowJob', refusals.unavailable({ status: 502 }));
    await lookIdle();
    await hasLooked(1);
    expect(await last()).toBe('RunnerStartedWorkflowJob');
    github.endJob(JOB.repository, JOB.jobId, 'success');
    await until(async () => {
      await lookIdle();
      return (await last()) === 'RunnerCompletedWorkflowJob';
    });
  });
});
