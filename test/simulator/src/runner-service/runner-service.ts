import type { SwitchValues } from '../admin/switch-values.js';
import type { Clock } from '../clock.js';
import { admits, type JobOrigin } from '../github/group-access.js';
import type { Runner } from '../github/runner.js';
import type { RunnerGroups } from '../github/runner-groups.js';
import { coversLabels } from '../github/runner-labels.js';
import type { RunnerRegistry } from '../github/runner-registry.js';
import type { JobBoard } from '../jobs/job-board.js';
import type { JobConclusion, WorkflowJob } from '../jobs/workflow-job.js';
import type { RunnerSession, RunnerSessions } from './runner-sessions.js';

export interface RunnerServiceParts {
  runners: RunnerRegistry;
  groups: RunnerGroups;
  jobs: JobBoard;
  sessions: RunnerSessions;
  clock: Clock;
  /** Where a job comes from: what runner groups judge by. */
  originOf: (job: WorkflowJob) => JobOrigin;
  switches: () => SwitchValues;
}

/** GitHub cancels a job nobody took within a day. */
const longestInQueueMs = 24 * 3_600_000;

/** A runner without an open poll is offered nothing unless it was heard of this recently. */
const justHeardOfMs = 5000;

export class SessionConflict extends Error {}

/** What happens between runners and jobs: who is online, who gets which job, what if one falls silent. */
export class RunnerService {
  constructor(private readonly parts: RunnerServiceParts) {
    parts.jobs.onChange((job, action) => {
      if (action === 'queued') this.offerToSomebody(job);
    });
  }

  /** @throws SessionConflict while another process holds the runner's session */
  connect(runner: Runner, ownerName: string, about: { version: string; os: string }): RunnerSession {
    const { sessions, runners } = this.parts;
    if (sessions.ofRunner(runner.id)) throw new SessionConflict();
    const session = sessions.open(runner.id, ownerName);
    runners.change(runner, { status: 'online', version: about.version, os: about.os });
    return session;
  }

  disconnect(session: RunnerSession): void {
    const { sessions, runners } = this.parts;
    sessions.close(session);
    this.withdrawFrom(session.runnerId);
    const runner = runners.get(session.runnerId);
    if (runner) runners.change(runner, { status: 'offline' });
  }

  /** After a runner record was deleted: nobody listens for it any more. */
  forget(runner: Runner): void {
    const session = this.parts.sessions.ofRunner(runner.id);
    if (session) this.parts.sessions.close(session);
    this.withdrawFrom(runner.id);
    const job = this.parts.jobs.ofRunner(runner.id);
    if (job) this.parts.jobs.complete(job, 'failure');
  }

  /** Looks for work for a runner that says it is free. */
  offerSomething(runner: Runner): void {
    const { jobs } = this.parts;
    if (runner.busy || jobs.ofRunner(runner.id)) return;
    for (const job of jobs.unoffered()) {
      if (this.mayTake(runner, job)) {
        jobs.offer(job, runner);
        return;
      }
    }
  }

  acquire(job: WorkflowJob, runner: Runner): WorkflowJob {
    const { runners, jobs, groups, switches } = this.parts;
    runners.change(runner, { busy: true });
    const group = groups.get(runner.runner_group_id);
    return jobs.start(
      job,
      {
        id: runner.id,
        name: runner.name,
        groupId: runner.runner_group_id,
        groupName: group?.name ?? 'Default',
      },
      switches().runner_service.job_lock_ms,
    );
  }

  /** A job is over: an ephemeral runner is removed by GitHub, any other is free again. */
  complete(job: WorkflowJob, conclusion: JobConclusion): void {
    const { runners, jobs, sessions } = this.parts;
    jobs.complete(job, conclusion);
    const runner = job.runner ? runners.get(job.runner.id) : undefined;
    if (!runner) return;
    if (runner.ephemeral) {
      runners.remove(runner);
      const session = sessions.ofRunner(runner.id);
      if (session) sessions.close(session);
    } else {
      runners.change(runner, { busy: false });
    }
  }

  cancel(job: WorkflowJob): void {
    const { jobs, sessions } = this.parts;
    jobs.cancel(job);
    const session = job.runner && sessions.ofRunner(job.runner.id);
    if (session) sessions.wake(session);
  }

  /** Ends a job without waiting for its runner, which loses it with the next renewal. */
  forceCancel(job: WorkflowJob): void {
    this.complete(job, 'cancelled');
  }

  /** Offers waiting jobs again, after labels or runner groups have changed. */
  reconsider(): void {
    for (const job of [...this.parts.jobs.unoffered()]) this.offerToSomebody(job);
  }

  /** Ends what has been silent or unused for too long. Called about once a second. */
  upkeep(): void {
    this.loseSilentSessions();
    this.endOverdueJobs();
    this.removeUnusedRunners();
  }

  private loseSilentSessions(): void {
    const { sessions, switches } = this.parts;
    for (const session of sessions.all()) {
      if (sessions.silence(session) > switches().runner_service.session_timeout_ms) this.disconnect(session);
    }
  }

  private endOverdueJobs(): void {
    const { jobs, clock, switches } = this.parts;
    const now = Date.now();
    for (const job of jobs.unfinished()) {
      if (job.status === 'queued' && clock.ms() - job.createdAt > longestInQueueMs) jobs.cancel(job);
      else if (job.offer && now - job.offer.at > switches().runner_service.assignment_timeout_ms) {
        this.offerToSomebody(jobs.withdrawOffer(job), job.offer.runnerId);
      } else if (job.lockedUntil !== null && job.lockedUntil < now) {
        this.complete(job, job.cancellation === 'none' ? 'failure' : 'cancelled');
      }
    }
  }

  private removeUnusedRunners(): void {
    for (const runner of this.parts.runners.all()) {
      if (runner.busy || !this.isForgotten(runner)) continue;
      this.parts.runners.remove(runner);
      this.forget(runner);
    }
  }

  private isForgotten({ ephemeral, offlineSince, onlineSince }: Runner): boolean {
    const { clock, switches } = this.parts;
    const { jit_unused_seconds, jit_idle_seconds, offline_seconds } = switches().runner_ttl;
    const longer = (since: number | null, seconds: number) =>
      since !== null && clock.ms() - since > seconds * 1000;
    if (longer(offlineSince, ephemeral ? jit_unused_seconds : offline_seconds)) return true;
    return ephemeral && jit_idle_seconds > 0 && longer(onlineSince, jit_idle_seconds);
  }

  /** By its labels, and by its group, which admits only some repositories and workflows. */
  private mayTake(runner: Runner, job: WorkflowJob): boolean {
    if (!coversLabels(runner.labels, job.labels)) return false;
    const group = this.parts.groups.get(runner.runner_group_id);
    if (!group || !admits(group, this.parts.originOf(job))) return false;
    return job.runnerGroup === null || job.runnerGroup.toLowerCase() === group.name.toLowerCase();
  }

  private offerToSomebody(job: WorkflowJob, except?: number): void {
    const { sessions, runners, jobs } = this.parts;
    for (const session of sessions.all()) {
      const runner = runners.get(session.runnerId);
      if (!runner || runner.id === except || runner.busy || jobs.ofRunner(runner.id)) continue;
      if (!sessions.listens(session) && sessions.silence(session) > justHeardOfMs) continue;
      if (!this.mayTake(runner, job)) continue;
      jobs.offer(job, runner);
      sessions.wake(session);
      return;
    }
  }

  private withdrawFrom(runnerId: number): void {
    const { jobs } = this.parts;
    const job = jobs.ofRunner(runnerId);
    if (job?.offer) this.offerToSomebody(jobs.withdrawOffer(job), runnerId);
  }
}
