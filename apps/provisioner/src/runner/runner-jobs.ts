import type { RunnerEvent, WorkflowJob } from '#libs/contracts';

/** What is known of a job that was given to the runner. */
export type RunnerJob =
  | {
      stage: 'in_progress';
      job: WorkflowJob;
      /** Of its workflow run, once somebody has asked for it. */
      cancellation?: 'open' | 'taken' | 'refused';
      /** The runner's host has registered it again since: it runs, or ran, on what the runner was before. */
      isLost?: true;
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
    default: {
      const before = jobs.get(job.jobId);
      return before?.stage === 'in_progress'
        ? after({ ...before, job, cancellation: CANCELLATION_AFTER[fact.type] })
        : jobs;
    }
  }
};

/** The same jobs after the runner was registered again: it runs none of them. */
export const lostJobs = (jobs: RunnerJobs): RunnerJobs =>
  new Map(
    [...jobs].map(([id, job]) => [id, job.stage === 'in_progress' ? { ...job, isLost: true as const } : job]),
  );

export const isLost = (job: RunnerJob | undefined): boolean =>
  job?.stage === 'in_progress' && job.isLost === true;

const CANCELLATION_AFTER = {
  RunnerWorkflowRunCancellationRequested: 'open',
  RunnerWorkflowRunCancelled: 'taken',
  RunnerWorkflowRunCancellationFailed: 'refused',
} as const;

const inProgress = (jobs: RunnerJobs) =>
  [...jobs.values()].flatMap((job) => (job.stage === 'in_progress' ? [job] : []));

export const runsAJob = (jobs: RunnerJobs): boolean => inProgress(jobs).some((job) => !isLost(job));

/** Those of whose end nobody has told, lost ones included. */
export const runningJobs = (jobs: RunnerJobs): WorkflowJob[] => inProgress(jobs).map(({ job }) => job);

/** The job of this id while it runs. */
export const runningJob = (jobs: RunnerJobs, jobId: number): WorkflowJob | undefined =>
  inProgress(jobs).find(({ job }) => job.jobId === jobId)?.job;

/** Those it runs whose workflow run GitHub neither cancels nor is to be asked to. */
export const uncancelledJobs = (jobs: RunnerJobs): WorkflowJob[] =>
  inProgress(jobs)
    .filter((job) => !isLost(job))
    .flatMap(({ job, cancellation = 'refused' }) => (cancellation === 'refused' ? [job] : []));

/** Those whose workflow run GitHub has yet to be told to cancel. */
export const openCancellations = (jobs: RunnerJobs): WorkflowJob[] =>
  inProgress(jobs).flatMap(({ job, cancellation }) => (cancellation === 'open' ? [job] : []));
