import type { JobConclusion, WorkflowJob } from './workflow-job.js';

/** A run of a workflow, in its latest attempt. What has become of it is told by its jobs. */
export interface WorkflowRun {
  id: number;
  /** Counts the organisation's runs. */
  number: number;
  /** From 1; a re-run is the next. */
  attempt: number;
  repository: string;
  workflowName: string;
  /** What caused it, e.g. `push`. */
  event: string;
  headBranch: string;
  headSha: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  attemptStartedAt: number;
}

export type RunAction = 'requested' | 'in_progress' | 'completed';

export interface RunState {
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: JobConclusion | null;
  /** Milliseconds since 1970. */
  updatedAt: number;
}

/** How an attempt stands, told by its jobs. */
export function runState(run: WorkflowRun, jobs: readonly WorkflowJob[]): RunState {
  const updatedAt = jobs.length > 0 ? Math.max(...jobs.map(lastChangeOf)) : run.attemptStartedAt;
  if (jobs.length > 0 && jobs.every(({ status }) => status === 'completed')) {
    return { status: 'completed', conclusion: conclusionOf(jobs), updatedAt };
  }
  const begun = jobs.some(({ status }) => status !== 'queued');
  return { status: begun ? 'in_progress' : 'queued', conclusion: null, updatedAt };
}

const lastChangeOf = ({ completedAt, startedAt }: WorkflowJob): number => completedAt ?? startedAt;

function conclusionOf(jobs: readonly WorkflowJob[]): JobConclusion {
  const some = (wanted: JobConclusion) => jobs.some(({ conclusion }) => conclusion === wanted);
  if (some('failure')) return 'failure';
  if (some('cancelled')) return 'cancelled';
  return some('success') ? 'success' : 'skipped';
}

/** `.github/workflows/ci.yml` for a workflow named `CI`. */
export const workflowPath = (workflowName: string): string =>
  `.github/workflows/${workflowName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.yml`;
