import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Runner } from '../github/runner.js';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import type { JobAction, JobConclusion, JobRunner, WorkflowJob } from './workflow-job.js';

export interface JobOrder {
  labels: string[];
  repository: string;
  workflowName: string;
  name: string;
  durationMs: number;
  conclusion: JobConclusion;
  /** Adds the job to this run; absent: a run of its own. */
  runId?: number;
}

/** Told after each change that GitHub announces with a webhook. */
export type JobListener = (job: WorkflowJob, action: JobAction) => void;

/** Every workflow job and what may happen to it; who runs what is found without searching. */
export class JobBoard {
  private readonly jobs: Collection<WorkflowJob>;
  private readonly waiting = new Set<number>();
  private readonly byRequest = new Map<string, number>();
  private readonly byRunner = new Map<number, number>();
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

  ofRun(runId: number): WorkflowJob[] {
    return this.all().filter((job) => job.runId === runId);
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

  queue(order: JobOrder): WorkflowJob {
    const now = this.clock.ms();
    const job = this.database.transaction(() => {
      const id = this.database.next('job', 30_001);
      const runId = order.runId ?? this.database.next('run', 20_001);
      return this.keep({
        id,
        runId,
        runAttempt: 1,
        repository: order.repository,
        workflowName: order.workflowName,
        name: order.name,
        labels: order.labels,
        headBranch: 'main',
        headSha: createHash('sha1').update(`run ${runId}`).digest('hex'),
        status: 'queued',
        conclusion: null,
        createdAt: now,
        startedAt: now,
        completedAt: null,
        runner: null,
        work: { durationMs: order.durationMs, conclusion: order.conclusion },
        plan: { planId: randomUUID(), jobId: randomUUID(), requestId: randomUUID() },
        offer: null,
        lockedUntil: null,
        cancellation: 'none',
      });
    });
    if (order.conclusion === 'skipped') this.complete(job, 'skipped');
    else this.tell(job, 'queued');
    return this.jobs.get(job.id) ?? job;
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
