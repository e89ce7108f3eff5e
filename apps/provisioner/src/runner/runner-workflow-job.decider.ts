import {
  type Decision,
  type RecordWorkflowJob,
  type RunnerEvent,
  type RunnerFact,
  runnerEvent,
} from '#libs/contracts';
import { cancellationRequested } from './run-cancellation.decider.js';
import { hasEnded, isKnown, isLive, type KnownRunner, type RunnerState } from './runner.state.js';
import { isLost } from './runner-jobs.js';
import { wasGoodAt } from './token-validity.js';

/** Labels of the runner the policy does not permit, and whether the job's workflow run is cancelled for it. */
export type OutsidePolicy = { refusedLabels: string[]; cancelRun: boolean };

export type ReportedJob = Omit<RecordWorkflowJob, 'causationId'> & {
  /** What speaks against the job on this runner; absent = nothing. */
  outsidePolicy?: OutsidePolicy;
  at: string;
};

/**
 * Webhooks come in any order, twice, or not at all: a later stage is never undone by an earlier one, and a missing
 * one is read out of what follows. What happened to a job is recorded even when the runner is gone already.
 */
export const decideWorkflowJob = (report: ReportedJob, runner: RunnerState): Decision<RunnerEvent> => {
  if (!isKnown(runner) || runner.state === 'requested' || runner.state === 'failed') return [];
  const known = runner.jobs.get(report.job.jobId);
  if (known?.stage === 'completed' || known?.stage === report.stage) return [];
  const which = registrationMeant(report, runner);
  if (which === 'none') return [];
  // it says nothing about what the runner is now, and a former bearer's job is none of ours
  if (isLost(known) || which === 'former') {
    return known && report.stage === 'completed' ? completion(report, runner) : [];
  }
  return [
    ...(which === 'next' ? registeredAgain(report, runner) : []),
    ...arrival(report, runner),
    ...(report.stage === 'in_progress' ? started(report, runner) : completed(report, runner)),
  ];
};

/**
 * Whether the job ran on what the runner is, was before its host registered it again, or has become without anybody
 * having looked; GitHub counts upwards. `none`: on somebody else's of the same name.
 */
const registrationMeant = (
  { githubRunnerId, startedAt }: ReportedJob,
  runner: KnownRunner,
): 'present' | 'former' | 'next' | 'none' => {
  const known = 'githubRunnerId' in runner ? runner.githubRunnerId : undefined;
  if (githubRunnerId === undefined || known === undefined || githubRunnerId === known) return 'present';
  if (githubRunnerId < known) return 'former';
  const isBack = !hasEnded(runner) && wasGoodAt(runner.tokenValid, startedAt);
  return isBack ? 'next' : 'none';
};

const registeredAgain = ({ githubRunnerId, startedAt }: ReportedJob, runner: KnownRunner): RunnerEvent[] =>
  githubRunnerId === undefined ? [] : [registered(runner, githubRunnerId, startedAt)];

/** Whoever runs a job is registered and online, whether or not anybody has looked. */
const arrival = ({ githubRunnerId, startedAt }: ReportedJob, runner: KnownRunner): RunnerEvent[] => {
  if (runner.state !== 'pending' && runner.state !== 'offline') return [];
  const fact = factOf(runner);
  const online = runnerEvent('RunnerCameOnline')({ ...fact, busy: true, seenAt: startedAt });
  if (runner.githubRunnerId !== undefined) return [online];
  return githubRunnerId === undefined ? [] : [registered(runner, githubRunnerId, startedAt), online];
};

/** With the labels it was to have: a look tells of others. */
const registered = (runner: KnownRunner, githubRunnerId: number, registeredAt: string): RunnerEvent => {
  const labels = [...runner.labels];
  return runnerEvent('RunnerRegistered')({ ...factOf(runner), githubRunnerId, labels, registeredAt });
};

const started = (report: ReportedJob, runner: KnownRunner): RunnerEvent[] => {
  const { job, queuedAt, startedAt, at, outsidePolicy } = report;
  const reason = cancellationReason(report, runner);
  return [
    runnerEvent('RunnerStartedWorkflowJob')({ ...factOf(runner), job, queuedAt, startedAt }),
    ...violation(report, runner, outsidePolicy?.cancelRun ? 'run-cancelled' : 'reported'),
    ...(reason ? [cancellationRequested(runner, job, reason, at)] : []),
  ];
};

/** Whoever asked for the deletion may have wanted the job cancelled, which nobody knew of then. */
const cancellationReason = ({ outsidePolicy }: ReportedJob, runner: KnownRunner) => {
  if (runner.state === 'deleting' && runner.cancelJob)
    return runner.reason === 'label-drift' ? 'label-drift' : 'deprovisioned';
  return outsidePolicy?.cancelRun ? 'label-policy' : undefined;
};

const violation = (
  { job, outsidePolicy, at }: ReportedJob,
  runner: KnownRunner,
  action: 'reported' | 'run-cancelled',
): RunnerEvent[] => {
  if (outsidePolicy === undefined) return [];
  const { runnerName, teamId } = runner;
  const { refusedLabels } = outsidePolicy;
  const whose = { runnerName, ...(teamId === undefined ? {} : { teamId }) };
  return [
    runnerEvent('RunnerWorkflowJobOutsidePolicy')({
      ...factOf(runner),
      ...whose,
      job,
      refusedLabels,
      action,
      seenAt: at,
    }),
  ];
};

/** An ephemeral runner is removed by GitHub itself once its one job is done. */
const completed = (report: ReportedJob, runner: KnownRunner): RunnerEvent[] => {
  const ended = { ...factOf(runner), reason: 'job-completed' as const, deletedAt: report.at };
  return runner.ephemeral && isLive(runner)
    ? [...completion(report, runner), runnerEvent('RunnerDeleted')(ended)]
    : completion(report, runner);
};

const completion = (report: ReportedJob, runner: KnownRunner): RunnerEvent[] => {
  const { job, conclusion, startedAt, completedAt = report.at } = report;
  const fact = { ...factOf(runner), job, conclusion, startedAt, completedAt };
  // of a job that is known to have started it was said then
  const late = runner.jobs.has(job.jobId) ? [] : violation(report, runner, 'reported');
  return [...late, runnerEvent('RunnerCompletedWorkflowJob')(fact)];
};

const factOf = ({ runnerId, scope, installationId }: RunnerFact): RunnerFact => ({
  runnerId,
  scope,
  installationId,
});
