import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Runner } from '../github/runner.js';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import type { JobAction, JobConclusion, JobRunner, WorkflowJob } from './workflow-job.js';
import type { WorkflowRun } from './workflow-run.js';

export interface JobOrder {
  run: WorkflowRun;
  labels: string[];
  runnerGroup: string | null;
  name: string;
  durationMs: number;
  conclusion: JobConclusion;
}

/** Told after each change that GitHub announces with a webhook. */
export type JobListener = (job: WorkflowJob, action: JobAction) => void;

/** Every workflow job and what may happen to it; who runs what is found without searching. */
export class JobBoard {
  private readonly jobs: Collection<WorkflowJob>;
  private readonly waiting = new Set<number>();
  private readonly byRequest = new Map<string, number>();
  private readonly byRunner = new Map<number, number>();
  private readonly byRun = new Map<number, Set<number>>();
  private readonly listeners: JobListener[] = [];

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.jobs = database.collection('job', (job) => job.id);
    for (const job of this.jobs.values()) this.index(job);
  }

  onChange(listener: JobListener): void {
    this.listeners.push(listener);
  }

  get(id: number): WorkflowJob | undefined {
    return this.jobs.get(id);
  }

  all(): WorkflowJob[] {
    return [...this.jobs.values()];
  }

  /** Of all attempts, oldest first. */
  ofRun(runId: number): WorkflowJob[] {
    return [...(this.byRun.get(runId) ?? [])].flatMap((id) => this.jobs.get(id) ?? []);
  }

  ofAttempt(runId: number, attempt: number): WorkflowJob[] {
    return this.ofRun(runId).filter(({ runAttempt }) => runAttempt === attempt);
  }

  /** The last execution of each job of a run. */
  latestOf(runId: number): WorkflowJob[] {
    return [...new Map(this.ofRun(runId).map((job) => [job.firstId, job])).values()];
  }

  findByRequest(requestId: string): WorkflowJob | undefined {
    const id = this.byRequest.get(requestId);
    return id === undefined ? undefined : this.jobs.get(id);
  }

  /** The job a runner was offered or is running. */
  ofRunner(runnerId: number): WorkflowJob | undefined {
    const id = this.byRunner.get(runnerId);
    return id === undefined ? undefined : this.jobs.get(id);
  }

  /** Queued and offered to nobody, oldest first. */
  *unoffered(): IterableIterator<WorkflowJob> {
    for (const id of this.waiting) {
      const job = this.jobs.get(id);
      if (job) yield job;
    }
  }

  *unfinished(): IterableIterator<WorkflowJob> {
    for (const id of [...this.waiting, ...this.byRunner.values()]) {
      const job = this.jobs.get(id);
      if (job) yield job;
    }
  }

  queue({ run, labels, runnerGroup, name, durationMs, conclusion }: JobOrder): WorkflowJob {
    const id = this.nextId();
    return this.enqueue({
      ...this.untouched(),
      id,
      firstId: id,
      runId: run.id,
      runAttempt: run.attempt,
      repository: run.repository,
      workflowName: run.workflowName,
      name,
      labels,
      runnerGroup,
      headBranch: run.headBranch,
      headSha: run.headSha,
      work: { durationMs, conclusion },
    });
  }

  /** The same job in another attempt of its run: a new id, a new chance. */
  queueAgain(job: WorkflowJob, runAttempt: number): WorkflowJob {
    return this.enqueue({ ...job, ...this.untouched(), id: this.nextId(), runAttempt });
  }

  /** Tells everybody once more that a job is completed. */
  announceAgain(job: WorkflowJob): void {
    this.tell(job, 'completed');
  }

  offer(job: WorkflowJob, runner: Runner): WorkflowJob {
    return this.keep({ ...job, offer: { runnerId: runner.id, at: Date.now(), acknowledged: false } });
  }

  acknowledge(job: WorkflowJob): void {
    if (job.offer) this.keep({ ...job, offer: { ...job.offer, acknowledged: true } });
  }

  /** The runner did not come for it: anybody's again. */
  withdrawOffer(job: WorkflowJob): WorkflowJob {
    return this.keep({ ...job, offer: null });
  }

  start(job: WorkflowJob, runner: JobRunner, lockMs: number): WorkflowJob {
    const started = this.keep({
      ...job,
      status: 'in_progress',
      startedAt: this.clock.ms(),
      runner,
      offer: null,
      lockedUntil: Date.now() + lockMs,
    });
    this.tell(started, 'in_progress');
    return started;
  }

  renew(job: WorkflowJob, lockMs: number): WorkflowJob {
    return this.keep({ ...job, lockedUntil: Date.now() + lockMs });
  }

  complete(job: WorkflowJob, conclusion: JobConclusion): WorkflowJob {
    const completed = this.keep({
      ...job,
      status: 'completed',
      conclusion,
      completedAt: this.clock.ms(),
      offer: null,
      lockedUntil: null,
    });
    this.tell(completed, 'completed');
    return completed;
  }

  /** A queued job ends at once; a running one when its runner has stopped. */
  cancel(job: WorkflowJob): void {
    if (job.status === 'queued') this.complete(job, 'cancelled');
    else if (job.status === 'in_progress' && job.cancellation === 'none') {
      this.keep({ ...job, cancellation: 'requested' });
    }
  }

  cancellationDelivered(job: WorkflowJob): void {
    const current = this.jobs.get(job.id);
    if (current?.cancellation === 'requested') this.keep({ ...current, cancellation: 'delivered' });
  }

  private enqueue(job: WorkflowJob): WorkflowJob {
    this.keep(job);
    if (job.work.conclusion === 'skipped') this.complete(job, 'skipped');
    else this.tell(job, 'queued');
    return this.jobs.get(job.id) ?? job;
  }

  private nextId(): number {
    return this.database.next('job', 30_001);
  }

  /** What is the same of every job nobody has looked at yet. */
  private untouched() {
    const now = this.clock.ms();
    return {
      status: 'queued' as const,
      conclusion: null,
      createdAt: now,
      startedAt: now,
      completedAt: null,
      runner: null,
      plan: { planId: randomUUID(), jobId: randomUUID(), requestId: randomUUID() },
      offer: null,
      lockedUntil: null,
      cancellation: 'none' as const,
    };
  }

  private keep(job: WorkflowJob): WorkflowJob {
    const before = this.jobs.get(job.id);
    const holder = before && holderOf(before);
    if (holder !== undefined) this.byRunner.delete(holder);
    this.jobs.put(job);
    this.index(job);
    return job;
  }

  private index(job: WorkflowJob): void {
    this.byRequest.set(job.plan.requestId, job.id);
    const run = this.byRun.get(job.runId);
    if (run) run.add(job.id);
    else this.byRun.set(job.runId, new Set([job.id]));
    if (job.status === 'queued' && !job.offer) this.waiting.add(job.id);
    else this.waiting.delete(job.id);
    const holder = holderOf(job);
    if (holder !== undefined) this.byRunner.set(holder, job.id);
  }

  private tell(job: WorkflowJob, action: JobAction): void {
    for (const listener of this.listeners) listener(job, action);
  }
}

const holderOf = (job: WorkflowJob): number | undefined =>
  job.offer?.runnerId ?? (job.status === 'in_progress' ? job.runner?.id : undefined);
