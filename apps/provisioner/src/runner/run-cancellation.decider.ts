import {
  type Decision,
  type DeletionReason,
  type RunnerEvent,
  type RunnerFact,
  runnerEvent,
  type WorkflowJob,
} from '#libs/contracts';
import { isKnown, type KnownRunner, type RunnerState } from './runner.state.js';
import { runningJob, uncancelledJobs } from './runner-jobs.js';

/** GitHub takes the workflow run of a job for cancelled … */
export type RecordRunCancelled = { type: 'RecordRunCancelled'; jobId: number; at: string };
/** … or will not. */
export type RecordRunCancellationFailed = {
  type: 'RecordRunCancellationFailed';
  jobId: number;
  reason: string;
  at: string;
};

type Reason = Extract<RunnerEvent, { type: 'RunnerWorkflowRunCancellationRequested' }>['data']['reason'];

/** What GitHub made of a cancellation; a job that has ended meanwhile does not care. */
export const decideRunCancellation = (
  command: RecordRunCancelled | RecordRunCancellationFailed,
  runner: RunnerState,
): Decision<RunnerEvent> => {
  const job = isKnown(runner) ? runningJob(runner.jobs, command.jobId) : undefined;
  if (!isKnown(runner) || job === undefined) return [];
  const fact = { ...factOf(runner), job };
  switch (command.type) {
    case 'RecordRunCancelled':
      return [runnerEvent('RunnerWorkflowRunCancelled')({ ...fact, cancelledAt: command.at })];
    case 'RecordRunCancellationFailed': {
      const { reason, at } = command;
      return [runnerEvent('RunnerWorkflowRunCancellationFailed')({ ...fact, reason, failedAt: at })];
    }
  }
};

/** The jobs that keep GitHub from deleting the runner. */
export const cancellationsFor = (
  runner: KnownRunner,
  deletion: DeletionReason,
  requestedAt: string,
): RunnerEvent[] => {
  const reason = deletion === 'label-drift' ? 'label-drift' : 'deprovisioned';
  return uncancelledJobs(runner.jobs).map((job) => cancellationRequested(runner, job, reason, requestedAt));
};

export const cancellationRequested = (
  runner: KnownRunner,
  job: WorkflowJob,
  reason: Reason,
  requestedAt: string,
): RunnerEvent =>
  runnerEvent('RunnerWorkflowRunCancellationRequested')({ ...factOf(runner), job, reason, requestedAt });

const factOf = ({ runnerId, scope, installationId }: RunnerFact): RunnerFact => ({
  runnerId,
  scope,
  installationId,
});
