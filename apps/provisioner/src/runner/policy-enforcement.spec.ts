import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { GithubRunner } from '#libs/github';
import { refusals } from '#libs/github';
import type { LabelPolicy } from '../label-policy/label-policy.decider.js';
import { provisionerReplica } from '../testing/provisioner.js';
import { until } from '../testing/tenancy.js';
import { JOB, jobReport } from './runner.examples.js';

// that a cancellation is put off is told each time
Logger.overrideLogger(false);

const permitting = (...patterns: string[]): LabelPolicy => ({ requiredLabels: [], permits: { patterns } });

/** A runner with the label gpu, and a policy that may change. */
const waiting = async (labelPolicyEnforcement: 'audit' | 'enforce') => {
  const policy = { now: permitting('gpu') };
  const replica = provisionerReplica({
    policyInForce: () => policy.now,
    config: { labelPolicyEnforcement, labelDrift: { action: 'alert', deleteBusyRunners: false } },
  });
  const { runnerId, runnerName } = await replica.provision({ labels: ['gpu'] });
  const { id } = (await replica.github.findRunnerByName(runnerName)) as GithubRunner;
  replica.github.startRun(JOB.repository, JOB.runId);
  const tell = (stage: 'in_progress' | 'completed' = 'in_progress', delivery = 'delivery-1') => {
    const { type: _, at: __, ...report } = jobReport(stage);
    return replica.recordWorkflowJob({ ...report, runnerId, githubRunnerId: id, causationId: delivery });
  };
  const facts = async () =>
    (await replica.store.read(`runner-${runnerId}`)).flatMap(({ type, data }) =>
      type === 'RunnerWorkflowJobOutsidePolicy' ? [data] : [],
    );
  return { ...replica, runnerId, githubRunnerId: id, policy, tell, facts };
};

describe('a job that starts on a runner', () => {
  it('within the policy is nobody’s business', async () => {
    const { tell, facts } = await waiting('enforce');
    await tell();
    expect(await facts()).toEqual([]);
  });

  it('outside the policy of today is reported, once', async () => {
    const { tell, facts, policy, github } = await waiting('audit');
    policy.now = permitting('cpu');
    await tell();
    await tell('in_progress', 'delivery-2');
    expect(await facts()).toMatchObject([{ refusedLabels: ['gpu'], action: 'reported', job: JOB }]);
    expect(github.calls).not.toContain('cancelWorkflowRun');
  });

  it('is outside the policy because of a label it was given at GitHub', async () => {
    const { tell, facts, observe, runnerId, githubRunnerId } = await waiting('audit');
    const labels = ['gpu', 'Production'];
    await observe(runnerId, { status: 'online', busy: false, githubRunnerId, labels });
    await tell();
    expect(await facts()).toMatchObject([{ refusedLabels: ['production'] }]);
  });

  it('is reported also when nobody told of its start', async () => {
    const { tell, facts, policy } = await waiting('enforce');
    policy.now = permitting('cpu');
    await tell('completed');
    expect(await facts()).toMatchObject([{ action: 'reported' }]);
  });

  it('has its workflow run cancelled where the policy is enforced, until GitHub takes it', async () => {
    const { tell, facts, policy, github, settle, runnerId, history } = await waiting('enforce');
    policy.now = permitting('cpu');
    github.refuseNext('cancelWorkflowRun', refusals.unavailable({ status: 502, uncertain: true }));
    await tell();
    await until(() => github.calls.includes('cancelWorkflowRun'));
    expect(await facts()).toMatchObject([{ refusedLabels: ['gpu'], action: 'run-cancelled' }]);
    expect(github.isCancelled(JOB.repository, JOB.runId)).toBe(false);
    await settle(runnerId);
    expect(github.isCancelled(JOB.repository, JOB.runId)).toBe(true);
    await settle(runnerId);
    const told = (await history(runnerId)).filter((type) => type.startsWith('RunnerWorkflow'));
    expect(told).toEqual([
      'RunnerWorkflowJobOutsidePolicy',
      'RunnerWorkflowRunCancellationRequested',
      'RunnerWorkflowRunCancelled',
    ]);
  });
});
