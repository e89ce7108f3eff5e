import {
  type Decision,
  type RecordWorkflowJob,
  type RunnerEvent,
  type RunnerFact,
  runnerEvent,
  type WorkflowJob,
} from '#libs/contracts';
import { cancellationRequested } from './run-cancellation.decider.js';
import { isKnown, isLive, type KnownRunner, type RunnerState } from './runner.state.js';

type Reported = Omit<RecordWorkflowJob, 'causationId'> & { at: string };

/**
 * Webhooks come in any order, twice, or not at all: a later stage is never undone by an earlier one, and a missing
 * one is read out of what follows. What happened to a job is recorded even when the runner is gone already.
 */
export const decideWorkflowJob = (report: Reported, runner: RunnerState): Decision<RunnerEvent> => {
  if (!isKnown(runner) || runner.state === 'requested' || runner.state === 'failed') return [];
  const known = runner.jobs.get(report.job.jobId)?.stage;
  if (known === 'completed' || known === report.stage) return [];
  return [
    ...arrival(report, runner),
    ...(report.stage === 'in_progress' ? started(report, runner) : completed(report, runner)),
  ];
};

/** Whoever runs a job is registered and online, whether or not anybody has looked. */
const arrival = ({ githubRunnerId, startedAt }: Reported, runner: KnownRunner): RunnerEvent[] => {
  if (runner.state !== 'pending' && runner.state !== 'offline') return [];
  const fact = factOf(runner);
  const online = runnerEvent('RunnerCameOnline')({ ...fact, busy: true, seenAt: startedAt });
  if (runner.githubRunnerId !== undefined) return [online];
  if (githubRunnerId === undefined) return [];
  const labels = [...runner.labels];
  return [
    runnerEvent('RunnerRegistered')({ ...fact, githubRunnerId, labels, registeredAt: startedAt }),
    online,
  ];
};

const started = ({ job, queuedAt, startedAt, at }: Reported, runner: KnownRunner): RunnerEvent[] => [
  runnerEvent('RunnerStartedWorkflowJob')({ ...factOf(runner), job, queuedAt, startedAt }),
  ...cancellationOf(job, runner, at),
];

/** Whoever asked for the deletion wanted the job cancelled, which nobody knew of then. */
const cancellationOf = (job: WorkflowJob, runner: KnownRunner, at: string): RunnerEvent[] => {
  if (runner.state !== 'deleting' || !runner.cancelJob) return [];
  const reason = runner.reason === 'label-drift' ? 'label-drift' : 'deprovisioned';
  return [cancellationRequested(runner, job, reason, at)];
};

/** An ephemeral runner is removed by GitHub itself once its one job is done. */
const completed = (report: Reported, runner: KnownRunner): RunnerEvent[] => {
  const { job, conclusion, startedAt, completedAt = report.at, at } = report;
  const fact = factOf(runner);
  const completion = runnerEvent('RunnerCompletedWorkflowJob')({
    ...fact,
    job,
    conclusion,
    startedAt,
    completedAt,
  });
  return runner.ephemeral && isLive(runner)
    ? [completion, runnerEvent('RunnerDeleted')({ ...fact, reason: 'job-completed', deletedAt: at })]
    : [completion];
};

const factOf = ({ runnerId, scope, installationId }: RunnerFact): RunnerFact => ({
  runnerId,
  scope,
  installationId,
});
