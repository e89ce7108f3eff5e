import type { RunnerEvent, WorkflowJob } from '#libs/contracts';

/** What is known of a job that was given to the runner. */
export type RunnerJob =
  | {
      stage: 'in_progress';
      job: WorkflowJob;
      /** Of its workflow run, once somebody has asked for it. */
      cancellation?: 'open' | 'taken' | 'refused';
    }
  | { stage: 'completed' };

/** By GitHub's job id. */
export type RunnerJobs = ReadonlyMap<number, RunnerJob>;

type JobFact = Extract<
  RunnerEvent,
  {
    type:
      | 'RunnerStartedWorkflowJob'
      | 'RunnerCompletedWorkflowJob'
      | 'RunnerWorkflowRunCancellationRequested'
      | 'RunnerWorkflowRunCancelled'
      | 'RunnerWorkflowRunCancellationFailed';
  }
>;

export const jobsAfter = (jobs: RunnerJobs, fact: JobFact): RunnerJobs => {
  const { job } = fact.data;
  const after = (changed: RunnerJob) => new Map(jobs).set(job.jobId, changed);
  switch (fact.type) {
    case 'RunnerStartedWorkflowJob':
      return after({ stage: 'in_progress', job });
    case 'RunnerCompletedWorkflowJob':
      return after({ stage: 'completed' });
    default:
      return jobs.get(job.jobId)?.stage === 'in_progress'
        ? after({ stage: 'in_progress', job, cancellation: CANCELLATION_AFTER[fact.type] })
        : jobs;
  }
};

const CANCELLATION_AFTER = {
  RunnerWorkflowRunCancellationRequested: 'open',
  RunnerWorkflowRunCancelled: 'taken',
  RunnerWorkflowRunCancellationFailed: 'refused',
} as const;

const inProgress = (jobs: RunnerJobs) =>
  [...jobs.values()].flatMap((job) => (job.stage === 'in_progress' ? [job] : []));

export const runsAJob = (jobs: RunnerJobs): boolean => inProgress(jobs).length > 0;

export const runningJobs = (jobs: RunnerJobs): WorkflowJob[] => inProgress(jobs).map(({ job }) => job);

/** The job of this id while it runs. */
export const runningJob = (jobs: RunnerJobs, jobId: number): WorkflowJob | undefined =>
  inProgress(jobs).find(({ job }) => job.jobId === jobId)?.job;

/** Those whose workflow run GitHub neither cancels nor is to be asked to. */
export const uncancelledJobs = (jobs: RunnerJobs): WorkflowJob[] =>
  inProgress(jobs).flatMap(({ job, cancellation = 'refused' }) => (cancellation === 'refused' ? [job] : []));

/** Those whose workflow run GitHub has yet to be told to cancel. */
export const openCancellations = (jobs: RunnerJobs): WorkflowJob[] =>
  inProgress(jobs).flatMap(({ job, cancellation }) => (cancellation === 'open' ? [job] : []));
