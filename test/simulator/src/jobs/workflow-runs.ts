import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import type { JobBoard } from './job-board.js';
import type { WorkflowJob } from './workflow-job.js';
import { type RunAction, type RunState, runState, type WorkflowRun } from './workflow-run.js';

export type RunListener = (run: WorkflowRun, action: RunAction) => void;

export class RunStillGoing extends Error {}

/** Workflow runs and their attempts. */
export class WorkflowRuns {
  private readonly runs: Collection<WorkflowRun>;
  private readonly listeners: RunListener[] = [];

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly jobs: JobBoard,
  ) {
    this.runs = database.collection('run', (run) => run.id);
    jobs.onChange((job, action) => {
      if (action !== 'queued') this.follow(job);
    });
  }

  onChange(listener: RunListener): void {
    this.listeners.push(listener);
  }

  get(id: number): WorkflowRun | undefined {
    return this.runs.get(id);
  }

  all(): WorkflowRun[] {
    return [...this.runs.values()];
  }

  /** How an attempt stands; the latest unless another is asked for. */
  stateOf(run: WorkflowRun, attempt = run.attempt): RunState {
    return runState(run, this.jobs.ofAttempt(run.id, attempt));
  }

  start(order: Pick<WorkflowRun, 'repository' | 'workflowName' | 'event'>): WorkflowRun {
    const now = this.clock.ms();
    const id = this.database.next('run', 20_001);
    const run = this.runs.put({
      ...order,
      id,
      number: this.runs.size + 1,
      attempt: 1,
      headBranch: 'main',
      headSha: createHash('sha1').update(`run ${id}`).digest('hex'),
      createdAt: now,
      attemptStartedAt: now,
    });
    this.tell(run, 'requested');
    return run;
  }

  /**
   * Starts the next attempt with the jobs that fit, each under a new id. For the others GitHub may say once
   * more that they are completed; it does so here.
   * @throws RunStillGoing
   */
  rerun(run: WorkflowRun, fits: (job: WorkflowJob) => boolean): WorkflowRun {
    if (this.stateOf(run).status !== 'completed') throw new RunStillGoing();
    const before = this.jobs.latestOf(run.id);
    const again = this.runs.put({ ...run, attempt: run.attempt + 1, attemptStartedAt: this.clock.ms() });
    this.tell(again, 'requested');
    for (const job of before) {
      if (fits(job)) this.jobs.queueAgain(job, again.attempt);
      else this.jobs.announceAgain(job);
    }
    return again;
  }

  private follow(job: WorkflowJob): void {
    const run = this.runs.get(job.runId);
    if (!run || job.runAttempt !== run.attempt) return;
    const others = this.jobs.ofAttempt(run.id, run.attempt).filter(({ id }) => id !== job.id);
    if (job.status === 'in_progress') {
      if (others.every(({ status }) => status === 'queued')) this.tell(run, 'in_progress');
    } else if (others.every(({ status }) => status === 'completed')) this.tell(run, 'completed');
  }

  private tell(run: WorkflowRun, action: RunAction): void {
    for (const listener of this.listeners) listener(run, action);
  }
}
