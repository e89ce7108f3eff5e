import { randomUUID } from 'node:crypto';
import {
  type Fact,
  githubDeliveryEvent,
  runnerEvent,
  runnerNameEvent,
  type Scope,
  streams,
  teamCapacityEvent,
  userCapacityEvent,
  type WorkflowJobDelivery,
} from '#libs/contracts';
import type { EventStore } from '#libs/event-store';

export const scope: Scope = { kind: 'org', login: 'octo-org' };
export const installationId = 2001;
const at = '2026-11-03T10:00:00.000Z';

/** Writes into a log what the provisioner and GitHub would have written. */
export class LogOfRunners {
  constructor(readonly store: EventStore) {}

  async append(stream: string, ...facts: Fact[]): Promise<void> {
    const metadata = {
      $correlationId: 'request-1',
      $causationId: 'request-1',
      actor: { kind: 'service' as const, app: 'provisioner' },
    };
    const events = facts.map((fact) => ({ ...fact, id: randomUUID(), metadata }));
    await this.store.append(stream, events, 'any');
  }

  claimName(runnerId: string, runnerName: string) {
    const claimed = { scope, installationId, runnerName, runnerId, claimedAt: at };
    return this.append(streams.runnerName(scope, runnerName), runnerNameEvent('RunnerNameClaimed')(claimed));
  }

  releaseName(runnerId: string, runnerName: string) {
    const released = { runnerId, releasedAt: at };
    return this.append(
      streams.runnerName(scope, runnerName),
      runnerNameEvent('RunnerNameReleased')(released),
    );
  }

  reserveSlot(runnerId: string, teamId: string) {
    const reserved = { teamId, runnerId, reservedAt: at };
    return this.append(streams.teamCapacity(teamId), teamCapacityEvent('RunnerSlotReserved')(reserved));
  }

  releaseSlot(runnerId: string, teamId: string) {
    const released = { teamId, runnerId, releasedAt: at };
    return this.append(streams.teamCapacity(teamId), teamCapacityEvent('RunnerSlotReleased')(released));
  }

  reserveUserSlot(runnerId: string, userId: string) {
    const reserved = { userId, runnerId, reservedAt: at };
    return this.append(streams.userCapacity(userId), userCapacityEvent('UserSlotReserved')(reserved));
  }

  releaseUserSlot(runnerId: string, userId: string) {
    const released = { userId, runnerId, releasedAt: at };
    return this.append(streams.userCapacity(userId), userCapacityEvent('UserSlotReleased')(released));
  }

  requested(
    runnerId: string,
    runnerName: string,
    { teamId, labels = ['self-hosted', 'linux'] }: { teamId?: string; labels?: string[] } = {},
  ) {
    return this.append(
      streams.runner(runnerId),
      runnerEvent('RunnerProvisioningRequested')({
        ...this.runner(runnerId),
        runnerName,
        provisioningMethod: 'jit',
        labels,
        runnerGroupId: 1,
        workFolder: '_work',
        ephemeral: true,
        disableUpdate: false,
        provisionedBy: '7f3d3a52-57f5-4a44-9c4d-0b7f4a7f2f01',
        requestedAt: at,
        ...(teamId === undefined ? {} : { teamId }),
      }),
    );
  }

  jitConfigIssued(runnerId: string, githubRunnerId: number, { expiresAt = '2099-01-01T00:00:00.000Z' } = {}) {
    return this.append(
      streams.runner(runnerId),
      runnerEvent('RunnerJitConfigIssued')({
        ...this.runner(runnerId),
        githubRunnerId,
        labels: ['self-hosted', 'linux'],
        jitConfigSha256: 'a'.repeat(64),
        expiresAt,
        issuedAt: at,
      }),
    );
  }

  registrationTokenIssued(runnerId: string, { expiresAt = '2099-01-01T00:00:00.000Z' } = {}) {
    return this.append(
      streams.runner(runnerId),
      runnerEvent('RunnerRegistrationTokenIssued')({
        ...this.runner(runnerId),
        registrationTokenSha256: 'b'.repeat(64),
        expiresAt,
        issuedAt: at,
      }),
    );
  }

  /** From the claim of its name to a JIT config. */
  async pendingRunner(runnerId: string, runnerName: string, githubRunnerId: number): Promise<void> {
    await this.claimName(runnerId, runnerName);
    await this.requested(runnerId, runnerName);
    await this.jitConfigIssued(runnerId, githubRunnerId);
  }

  cameOnline(runnerId: string, { busy = false } = {}) {
    const online = { ...this.runner(runnerId), busy, seenAt: at };
    return this.append(streams.runner(runnerId), runnerEvent('RunnerCameOnline')(online));
  }

  registered(runnerId: string, githubRunnerId: number) {
    const registered = { ...this.runner(runnerId), githubRunnerId, labels: ['linux'], registeredAt: at };
    return this.append(streams.runner(runnerId), runnerEvent('RunnerRegistered')(registered));
  }

  deletionRequested(runnerId: string) {
    const asked = { ...this.runner(runnerId), reason: 'deprovisioned' as const, requestedAt: at };
    return this.append(streams.runner(runnerId), runnerEvent('RunnerDeprovisioningRequested')(asked));
  }

  deleted(runnerId: string) {
    const deleted = { ...this.runner(runnerId), reason: 'job-completed' as const, deletedAt: at };
    return this.append(streams.runner(runnerId), runnerEvent('RunnerDeleted')(deleted));
  }

  jobStarted(runnerId: string, jobId: number) {
    const started = { ...this.runner(runnerId), job: this.job(jobId), queuedAt: at, startedAt: at };
    return this.append(streams.runner(runnerId), runnerEvent('RunnerStartedWorkflowJob')(started));
  }

  jobCompleted(runnerId: string, jobId: number) {
    const job = this.job(jobId);
    const completed = {
      ...this.runner(runnerId),
      job,
      conclusion: 'success',
      startedAt: at,
      completedAt: at,
    };
    return this.append(streams.runner(runnerId), runnerEvent('RunnerCompletedWorkflowJob')(completed));
  }

  cancellationRequested(runnerId: string, jobId: number) {
    const requested = { ...this.runner(runnerId), job: this.job(jobId), requestedAt: at };
    return this.append(
      streams.runner(runnerId),
      runnerEvent('RunnerWorkflowRunCancellationRequested')({ ...requested, reason: 'deprovisioned' }),
    );
  }

  wentOffline(runnerId: string) {
    const offline = { ...this.runner(runnerId), seenAt: at };
    return this.append(streams.runner(runnerId), runnerEvent('RunnerWentOffline')(offline));
  }

  delivery(
    workflowJob: Partial<WorkflowJobDelivery> & Pick<WorkflowJobDelivery, 'action'>,
    guid: string = randomUUID(),
  ) {
    return this.append(
      streams.githubDelivery(guid),
      githubDeliveryEvent('WorkflowJobDelivered')({
        guid,
        bodySha256: 'c'.repeat(64),
        installationId,
        organization: scope.login,
        workflowJob: workflowJobDelivery(workflowJob),
        receivedAt: at,
      }),
    );
  }

  private runner(runnerId: string) {
    return { runnerId, scope, installationId };
  }

  private job(jobId: number) {
    const { runId, runAttempt, repository, workflowName, jobName, htmlUrl } = workflowJobDelivery({
      action: 'queued',
    });
    return { jobId, runId, runAttempt, repository, workflowName, jobName, htmlUrl };
  }
}

export const workflowJobDelivery = (
  job: Partial<WorkflowJobDelivery> & Pick<WorkflowJobDelivery, 'action'>,
): WorkflowJobDelivery => ({
  jobId: 501,
  runId: 401,
  runAttempt: 1,
  repository: 'octo-org/site',
  workflowName: 'build',
  jobName: 'compile',
  htmlUrl: 'https://github.com/octo-org/site/actions/runs/401/job/501',
  labels: ['self-hosted', 'linux'],
  conclusion: null,
  createdAt: '2026-11-03T10:00:01.000Z',
  startedAt: '2026-11-03T10:00:02.000Z',
  ...job,
});
