export type JobConclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

/** The runner that took a job, as the job remembers it when the runner is long gone. */
export interface JobRunner {
  id: number;
  name: string;
  groupId: number;
  groupName: string;
}

/** A job of a workflow run, from queued to completed. Instants are milliseconds since 1970. */
export interface WorkflowJob {
  id: number;
  /** Id of its first execution; a re-run makes a new job of the same job. */
  firstId: number;
  runId: number;
  runAttempt: number;
  repository: string;
  workflowName: string;
  name: string;
  /** Text of `runs-on`, in the order given. */
  labels: string[];
  /** Name of the runner group `runs-on` asks for; null: any that admits the job. */
  runnerGroup: string | null;
  headBranch: string;
  headSha: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: JobConclusion | null;
  createdAt: number;
  startedAt: number;
  completedAt: number | null;
  runner: JobRunner | null;
  /** What the runner is told to do: work this long, end like this. */
  work: { durationMs: number; conclusion: JobConclusion };
  /** Names of the job in the run service. */
  plan: { planId: string; jobId: string; requestId: string };
  /** Runner a queued job was handed to and that has not acquired it yet. */
  offer: { runnerId: number; at: number; acknowledged: boolean } | null;
  /** Until when the runner need not renew; null while not in progress. */
  lockedUntil: number | null;
  cancellation: 'none' | 'requested' | 'delivered';
}

export type JobAction = 'queued' | 'in_progress' | 'completed';
