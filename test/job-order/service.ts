import {
  type Event,
  githubDeliveryEvent,
  isRefusal,
  runnerEvent,
  type WorkflowJobDelivery,
} from '#libs/contracts';
import type { GithubRunner } from '#libs/github';
import { recorded } from '#libs/testing';
import { type RunnerCommand, runnerDecider } from '../../apps/provisioner/src/runner/runner.decider.js';
import { isLive, type RunnerState } from '../../apps/provisioner/src/runner/runner.state.js';
import { runningJobs } from '../../apps/provisioner/src/runner/runner-jobs.js';
import { observationOf } from '../../apps/sync/src/reconciliation/compare-runners.js';
import { type Tracking, trackingAfter } from '../../apps/sync/src/tracking/tracking-after.js';
import type { History, OurRunner } from './history.js';

const AT = '2026-11-03T10:00:00.000Z';
const LOOKED_AT = '2026-11-03T10:10:00.000Z';
const EXPIRES = '2026-11-03T11:00:00.000Z';
const LABELS = ['self-hosted', 'linux', 'x64'];

/** A log, the provisioner's deciders and sync's tracking over it. Nothing runs beside anything else. */
export class Service {
  private readonly states = new Map<string, RunnerState>();
  private tracking: Tracking = { runners: new Map(), reports: new Map() };
  private position = 0;
  /** Facts about jobs: `runner job type`. */
  readonly jobFacts: string[] = [];

  constructor(private readonly history: History) {
    for (const runner of history.runners) this.provision(runner);
  }

  /** A delivery is recorded, and the provisioner told of it. */
  deliver(workflowJob: WorkflowJobDelivery, guid: string): void {
    const delivered = { guid, bodySha256: 'a'.repeat(64), installationId: 42, organization: 'octo-org' };
    this.record(githubDeliveryEvent('WorkflowJobDelivered')({ ...delivered, workflowJob, receivedAt: AT }));
    for (const { request } of this.tracking.reports.values()) {
      const { causationId: _, ...report } = request;
      this.decide(request.runnerId, { type: 'RecordWorkflowJob', ...report, at: AT });
    }
    this.tracking = { ...this.tracking, reports: new Map() };
  }

  /** Every runner of ours is looked at, and the job of one that looks idle though it is known to work. */
  poll(): void {
    for (const runner of this.history.runners) {
      const row = this.tracking.runners.get(runner.runnerId);
      const observation = row && row.state !== 'ended' ? observationOf(row, seen(runner)) : undefined;
      if (observation === undefined) continue;
      const looked = { observation, seenAt: LOOKED_AT, driftAction: 'remove', at: LOOKED_AT } as const;
      this.decide(runner.runnerId, { type: 'RecordRunnerObserved', ...looked });
      if (observation.status === 'online' && !observation.busy) this.lookAtJobs(runner);
    }
  }

  /** By name of the runner, or its number where the name was used again. */
  outcome(): Record<string, string> {
    return Object.fromEntries(
      this.history.runners.map(({ runnerId }) => {
        const state = this.states.get(runnerId) ?? runnerDecider.initial;
        const id = 'githubRunnerId' in state ? state.githubRunnerId : undefined;
        return [
          runnerId,
          `${state.state}, at GitHub ${id}, row ${this.tracking.runners.get(runnerId)?.state}`,
        ];
      }),
    );
  }

  private lookAtJobs({ runnerId, githubRunnerId }: OurRunner): void {
    const state = this.states.get(runnerId);
    for (const job of state && isLive(state) ? runningJobs(state.jobs) : []) {
      if (!this.history.endedJobs.has(job.jobId)) continue;
      const times = { queuedAt: AT, startedAt: AT, completedAt: AT, at: LOOKED_AT };
      const ended = { stage: 'completed', job, conclusion: 'success', ...times } as const;
      this.decide(runnerId, { type: 'RecordWorkflowJob', runnerId, githubRunnerId, ...ended });
    }
  }

  private provision({ runnerId, runnerName, githubRunnerId, method, ephemeral, isOver }: OurRunner): void {
    const fact = { runnerId, scope: { kind: 'org' as const, login: 'octo-org' }, installationId: 42 };
    this.decide(runnerId, {
      type: 'RequestProvisioning',
      ...fact,
      runnerName,
      provisioningMethod: method,
      labels: LABELS,
      runnerGroupId: 1,
      workFolder: '_work',
      ephemeral,
      disableUpdate: false,
      provisionedBy: '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04',
      requestedAt: AT,
    });
    const issued = { expiresAt: EXPIRES, issuedAt: AT };
    if (method === 'jit')
      this.decide(runnerId, {
        type: 'RecordJitConfigIssued',
        githubRunnerId,
        labels: LABELS,
        jitConfigSha256: 'a'.repeat(64),
        ...issued,
      });
    else {
      this.decide(runnerId, {
        type: 'RecordRegistrationTokenIssued',
        registrationTokenSha256: 'b'.repeat(64),
        ...issued,
      });
      // one that came and went unseen could be known by nobody
      if (ephemeral || isOver)
        this.record(
          runnerEvent('RunnerRegistered')({ ...fact, githubRunnerId, labels: LABELS, registeredAt: AT }),
        );
    }
    if (isOver) this.record(runnerEvent('RunnerDeleted')({ ...fact, reason: 'vanished', deletedAt: AT }));
  }

  private decide(runnerId: string, command: RunnerCommand): void {
    const decision = runnerDecider.decide(command, this.states.get(runnerId) ?? runnerDecider.initial);
    if (isRefusal(decision)) throw new Error(`${command.type} was refused: ${decision.detail}`);
    for (const event of decision) this.record(event);
  }

  private record(event: Event): void {
    this.position += 1;
    this.tracking = trackingAfter(this.tracking, [recorded(event, { position: this.position })]);
    if (event.type === 'WorkflowJobDelivered') return;
    const { runnerId, job } = event.data as { runnerId: string; job?: { jobId: number } };
    const before = this.states.get(runnerId) ?? runnerDecider.initial;
    this.states.set(
      runnerId,
      runnerDecider.evolve(before, event as Parameters<typeof runnerDecider.evolve>[1]),
    );
    if (job) this.jobFacts.push(`${runnerId} ${job.jobId} ${event.type}`);
  }
}

const seen = ({ githubRunnerId, runnerName, atGithub }: OurRunner): GithubRunner | 'absent' =>
  atGithub === 'absent'
    ? atGithub
    : { id: githubRunnerId, name: runnerName, os: 'linux', labels: LABELS, ...atGithub };
