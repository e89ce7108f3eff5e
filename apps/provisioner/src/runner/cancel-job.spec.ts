import { describe, expect, it } from '@jest/globals';
import type { GithubRunner } from '#libs/github';
import { refusals } from '#libs/github';
import { originOf, serviceActor } from '../origin.js';
import { provisionerReplica } from '../testing/provisioner.js';
import { codeOf, until } from '../testing/tenancy.js';
import { AT, JOB, jobReport } from './runner.examples.js';

/** A runner at work on a job, of which a webhook may have told. */
const atWork = async ({ told = true, config = {} }: { told?: boolean; config?: object } = {}) => {
  const replica = provisionerReplica({ config });
  const { provision, github, recordWorkflowJob } = replica;
  const { runnerId, runnerName } = await provision();
  const { id } = (await github.findRunnerByName(runnerName)) as GithubRunner;
  github.changeRunner(id, { status: 'online', busy: true });
  github.startRun(JOB.repository, JOB.runId);
  const { type: _, at: __, ...report } = jobReport('in_progress');
  const tell = () =>
    recordWorkflowJob({ ...report, runnerId, githubRunnerId: id, causationId: 'delivery-1' });
  if (told) await tell();
  const jobEnds = () => github.changeRunner(id, { busy: false });
  const counts = (operation: string) => github.calls.filter((call) => call === operation).length;
  const last = async () => (await replica.history(runnerId)).at(-1);
  return { ...replica, runnerId, githubRunnerId: id, tell, jobEnds, counts, last };
};

describe('deleting a busy runner with its job', () => {
  it('cancels the workflow run once and is confirmed when the job has ended', async () => {
    const { github, deprovision, runnerId, jobEnds, counts, last } = await atWork();
    setTimeout(jobEnds, 700);
    expect(await deprovision(runnerId, { cancelJob: true })).toMatchObject({ confirmed: true });
    expect(github.isCancelled(JOB.repository, JOB.runId)).toBe(true);
    expect(counts('cancelWorkflowRun')).toBe(1);
    expect(await last()).toBe('RunnerDeleted');
  });

  it('lives on when the App may not cancel, and the caller is told why', async () => {
    const { github, deprovision, runnerId, history, githubRunnerId } = await atWork();
    github.refuseNext('cancelWorkflowRun', refusals.cancellationForbidden(JOB.repository));
    const error = await deprovision(runnerId, { cancelJob: true }).catch((problem: unknown) => problem);
    expect(error).toMatchObject({
      code: 'github-refused',
      message: expect.stringContaining('actions: write'),
    });
    expect((await history(runnerId)).slice(-2)).toEqual([
      'RunnerWorkflowRunCancellationFailed',
      'RunnerDeprovisioningFailed',
    ]);
    expect(await github.getRunner(githubRunnerId)).not.toBe('absent');
    expect(await codeOf(deprovision(runnerId))).toBe('runner-busy');
  });

  it.each(['team-suspended', 'deprovisioned'] as const)(
    'does not call off what is to happen in any case (%s)',
    async (reason) => {
      const { github, runners, deprovision, runnerId, history, settle, jobEnds, last } = await atWork();
      const inAnyCase = {
        type: 'RequestDeprovisioning',
        reason,
        untilConfirmed: true,
        at: AT.later,
      } as const;
      await runners.handle(runnerId, inAnyCase, originOf({ requestId: 'request-2' }, serviceActor));
      github.refuseNext('cancelWorkflowRun', refusals.cancellationForbidden(JOB.repository));
      expect(await codeOf(deprovision(runnerId, { cancelJob: true }))).toBe('github-refused');
      expect(await history(runnerId)).not.toContain('RunnerDeprovisioningFailed');
      jobEnds();
      await settle(runnerId);
      expect(await last()).toBe('RunnerDeleted');
    },
  );

  it('cancels every workflow run, also when one may not be cancelled', async () => {
    const { github, deprovision, recordWorkflowJob, runnerId, githubRunnerId } = await atWork();
    const { type: _, at: __, ...report } = jobReport('in_progress');
    const job = { ...JOB, jobId: 901, runId: 801, repository: 'octo-org/other' };
    github.startRun(job.repository, job.runId);
    await recordWorkflowJob({ ...report, job, runnerId, githubRunnerId, causationId: 'delivery-2' });
    github.refuseNext('cancelWorkflowRun', refusals.cancellationForbidden(JOB.repository));
    expect(await codeOf(deprovision(runnerId, { cancelJob: true }))).toBe('github-refused');
    expect(github.isCancelled(job.repository, job.runId)).toBe(true);
  });

  it('goes on when GitHub did not answer', async () => {
    const { github, deprovision, runnerId, settle, jobEnds, counts, last } = await atWork();
    github.refuseNext('cancelWorkflowRun', refusals.unavailable({ status: 502, uncertain: true }));
    expect(await deprovision(runnerId, { cancelJob: true })).toMatchObject({ confirmed: false });
    await settle(runnerId);
    expect(counts('cancelWorkflowRun')).toBe(2);
    jobEnds();
    await settle(runnerId);
    expect(counts('cancelWorkflowRun')).toBe(2);
    expect(await last()).toBe('RunnerDeleted');
  });

  it('waits while nobody knows which job it is, and cancels it when that is told', async () => {
    const { deprovision, runnerId, tell, settle, jobEnds, counts, last } = await atWork({ told: false });
    expect(await deprovision(runnerId, { cancelJob: true })).toMatchObject({ confirmed: false });
    expect(counts('cancelWorkflowRun')).toBe(0);
    await tell();
    await settle(runnerId);
    expect(counts('cancelWorkflowRun')).toBe(1);
    jobEnds();
    await settle(runnerId);
    expect(await last()).toBe('RunnerDeleted');
  }, 20_000);
});

describe('a busy runner whose labels were changed, when its job may be cancelled', () => {
  const labelDrift = { action: 'remove', deleteBusyRunners: true } as const;
  const shown = { status: 'online', busy: true, labels: ['production'] } as const;

  it.each([
    ['is removed with its job', false],
    ['waits for the end of its job when that may not be cancelled', true],
  ])('%s', async (_, refused) => {
    const { github, runnerId, githubRunnerId, observe, jobEnds, settle, counts, last, history } =
      await atWork({ config: { labelDrift } });
    if (refused) github.refuseNext('cancelWorkflowRun', refusals.cancellationForbidden(JOB.repository));
    github.changeRunner(githubRunnerId, { ...shown, labels: [...shown.labels] });
    await observe(runnerId, { ...shown, labels: [...shown.labels], githubRunnerId });
    await until(() => counts('deleteRunner') === 1);
    expect(github.isCancelled(JOB.repository, JOB.runId)).toBe(!refused);
    expect(await history(runnerId)).not.toContain('RunnerDeprovisioningFailed');
    jobEnds();
    await settle(runnerId);
    expect(await last()).toBe('RunnerDeleted');
  });
});
