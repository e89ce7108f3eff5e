import { describe, expect, it } from '@jest/globals';
import {
  type Actor,
  type Fact,
  identityEvent,
  identityProviderEvent,
  labelPolicyEvent,
  machineClientEvent,
  operationEvent,
  runnerEvent,
  runnerNameEvent,
  securityEvent,
  syncCycleEvent,
  teamCapacityEvent,
  teamEvent,
  trustRuleEvent,
  unmanagedRunnersEvent,
  userEvent,
} from '#libs/contracts';
import { recorded } from '#libs/testing';
import { auditRecordOf } from './audit-record-of.js';
import { timelineOf } from './timeline.js';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
const fact = { runnerId: id(1), scope: { kind: 'org' as const, login: 'acme' }, installationId: 7 };
const job = {
  jobId: 70,
  runId: 60,
  runAttempt: 1,
  repository: 'acme/shop',
  workflowName: 'CI',
  jobName: 'test',
  htmlUrl: 'https://github.com/acme/shop/actions/runs/60/job/70',
};
const issued = runnerEvent('RunnerJitConfigIssued')({
  ...fact,
  githubRunnerId: 42,
  labels: ['linux'],
  jitConfigSha256: 'a'.repeat(64),
  expiresAt: minute(60),
  issuedAt: minute(1),
});
const online = runnerEvent('RunnerCameOnline')({ ...fact, busy: false, seenAt: minute(2) });
const started = runnerEvent('RunnerStartedWorkflowJob')({
  ...fact,
  job,
  queuedAt: '2025-12-31T23:59:00.000Z',
  startedAt: minute(3),
});
const completed = runnerEvent('RunnerCompletedWorkflowJob')({
  ...fact,
  job,
  conclusion: 'success',
  startedAt: minute(3),
  completedAt: minute(4),
});
const deleted = runnerEvent('RunnerDeleted')({ ...fact, reason: 'job-completed', deletedAt: minute(4) });
const drifted = runnerEvent('RunnerLabelsDrifted')({
  ...fact,
  runnerName: 'build-1',
  expected: ['linux', 'gpu'],
  observed: ['linux', 'production'],
  missing: ['gpu'],
  unexpected: ['production'],
  action: 'remove',
  busy: false,
  seenAt: minute(3),
});
const outsidePolicy = runnerEvent('RunnerWorkflowJobOutsidePolicy')({
  ...fact,
  runnerName: 'build-1',
  job,
  refusedLabels: ['production'],
  action: 'run-cancelled',
  seenAt: minute(3),
});
const userCreated = userEvent('UserCreated')({
  userId: id(2),
  email: 'ann@example.com',
  displayName: 'Ann',
  isAdmin: false,
  canUseJit: true,
  canUseRegistrationToken: false,
  createdAt: minute(0),
});

const cycle = { scope: fact.scope, cycleId: id(8), observer: id(9), startedAt: minute(0) };
const batchCompleted = (failedCount: number) =>
  operationEvent('BatchCompleted')({
    operationId: id(7),
    action: 'disable-users',
    comment: 'Stolen laptops',
    affectedCount: 5 - failedCount,
    failedCount,
    completedAt: minute(1),
  });

const runner = { id: id(1), name: 'build-1', teamId: id(3), provisionedBy: id(2) };
const recordOf = (event: Fact, actor: Actor = { kind: 'github' }, position = 5) =>
  auditRecordOf(recorded(event, { position, actor, requestId: 'request-1' }), runner);

it('drift and a job outside the policy are told in a sentence', () => {
  const records = [drifted, outsidePolicy].flatMap((event) => recordOf(event) ?? []);
  expect(timelineOf(records, () => 'sync').map(({ summary }) => summary)).toEqual([
    'Its labels at GitHub were changed; added: production; missing: gpu.',
    'Job "test" of acme/shop runs on labels the policy does not permit: production.',
  ]);
  expect(records.map(({ severity }) => severity)).toEqual(['high', 'high']);
});

describe('the record of a fact', () => {
  const at = minute(1);
  it.each<[Fact, string | undefined, string | null]>([
    [issued, 'provision_jit', null],
    [
      runnerEvent('RunnerRegistrationTokenIssued')({
        ...fact,
        registrationTokenSha256: 'b'.repeat(64),
        expiresAt: at,
        issuedAt: at,
      }),
      'provision',
      null,
    ],
    [
      runnerEvent('RunnerRegistrationTokenFailed')({ ...fact, reason: 'github-unavailable', failedAt: at }),
      'provision_failed',
      'GitHub cannot be reached or answers with errors',
    ],
    [
      runnerEvent('RunnerProvisioningFailed')({ ...fact, reason: 'github-timeout', failedAt: at }),
      'provision_failed',
      'GitHub did not answer in time',
    ],
    [drifted, 'label_drift', null],
    [
      runnerEvent('RunnerLabelDriftResolved')({ ...fact, labels: ['gpu'], seenAt: at }),
      'label_drift_resolved',
      null,
    ],
    [outsidePolicy, 'job_outside_policy', null],
    [
      runnerEvent('RunnerWorkflowRunCancellationFailed')({
        ...fact,
        job,
        reason: 'github-refused',
        failedAt: at,
      }),
      'job_cancellation_failed',
      'GitHub refused the request',
    ],
    [
      securityEvent('ProvisioningRefused')({
        code: 'label-not-permitted',
        detail: 'The label gpu is not permitted.',
        labels: ['gpu'],
        members: { refused_labels: ['gpu'] },
        refusedAt: at,
      }),
      'provision_refused',
      'The label gpu is not permitted.',
    ],
    [
      securityEvent('AccessRefused')({
        code: 'token-expired',
        detail: 'The token has expired.',
        refusedAt: at,
      }),
      'access_refused',
      'The token has expired.',
    ],
    [
      runnerEvent('RunnerRegistered')({ ...fact, githubRunnerId: 42, labels: [], registeredAt: at }),
      'registered',
      null,
    ],
    [online, 'online', null],
    [runnerEvent('RunnerWentOffline')({ ...fact, seenAt: at }), 'offline', null],
    [started, 'job_started', null],
    [completed, 'job_completed', null],
    [runnerEvent('RunnerRefreshed')({ ...fact, refreshedAt: at }), 'refresh', null],
    [
      runnerEvent('RunnerDeprovisioningRequested')({ ...fact, reason: 'deprovisioned', requestedAt: at }),
      'deprovision',
      null,
    ],
    [
      runnerEvent('RunnerDeprovisioningFailed')({ ...fact, reason: 'runner-busy', failedAt: at }),
      'deprovision_failed',
      'The runner is running a job',
    ],
    [deleted, 'deleted', null],
    [teamEvent('TeamMaxRunnersSet')({ teamId: id(3), maxRunners: 3, setAt: at }), 'team_updated', null],
    [teamEvent('TeamMemberAdded')({ teamId: id(3), userId: id(2), addedAt: at }), 'member_added', null],
    [userCreated, 'user_created', null],
    [
      userEvent('UserIdentityBound')({ userId: id(2), issuer: 'i', subject: 's', boundAt: at }),
      'user_updated',
      null,
    ],
    [userEvent('UserLoggedIn')({ userId: id(2), loggedInAt: at }), 'user_logged_in', null],
    [
      userEvent('UserDeactivated')({ userId: id(2), reason: 'Has left', deactivatedAt: at }),
      'user_deactivated',
      null,
    ],
    [teamEvent('TeamMemberRemoved')({ teamId: id(3), userId: id(2), removedAt: at }), 'member_removed', null],
    [
      machineClientEvent('MachineClientRemoved')({ machineClientId: id(4), removedAt: at }),
      'client_deleted',
      null,
    ],
    [machineClientEvent('MachineClientUsed')({ machineClientId: id(4), usedAt: at }), undefined, null],
    [labelPolicyEvent('LabelPolicyRemoved')({ userId: id(2), removedAt: at }), 'policy_removed', null],
    [
      identityProviderEvent('IdentityProviderDeactivated')({ identityProviderId: id(5), deactivatedAt: at }),
      'provider_updated',
      null,
    ],
    [trustRuleEvent('TrustRuleRemoved')({ trustRuleId: id(6), removedAt: at }), 'trust_rule_deleted', null],
    [
      operationEvent('BatchRequested')({
        operationId: id(7),
        action: 'disable-users',
        comment: 'Stolen laptops',
        requestedAt: at,
      }),
      'batch_disable_users',
      null,
    ],
    [
      syncCycleEvent('SyncCycleCompleted')({
        ...cycle,
        completedAt: at,
        result: { updated: 1, deleted: 0, unchanged: 4, errors: 0, total: 5 },
      }),
      'sync_cycle',
      null,
    ],
    [
      syncCycleEvent('SyncCycleFailed')({
        ...cycle,
        failedAt: at,
        code: 'github-unavailable',
        detail: 'GitHub answered with an error (HTTP 502).',
      }),
      'sync_cycle',
      'GitHub answered with an error (HTTP 502).',
    ],
    [
      syncCycleEvent('SyncCycleRequested')({
        scope: fact.scope,
        cycleId: id(8),
        requestedBy: id(2),
        requestedAt: at,
      }),
      undefined,
      null,
    ],
    [
      unmanagedRunnersEvent('UnmanagedRunnersSeen')({
        scope: fact.scope,
        installationId: 7,
        runners: [{ githubRunnerId: 77, name: 'under-a-desk', labels: ['linux'], status: 'online' }],
        total: 1,
        seenAt: at,
      }),
      'unmanaged_runners_seen',
      null,
    ],
    [batchCompleted(0), 'batch_completed', null],
    [batchCompleted(2), 'batch_completed', '2 of 5 failed'],
    [runnerEvent('RunnerBecameBusy')({ ...fact, seenAt: at }), undefined, null],
    [runnerEvent('RunnerProvisioningAbandoned')({ ...fact, abandonedAt: at }), undefined, null],
    [runnerNameEvent('RunnerNameReleased')({ runnerId: id(1), releasedAt: at }), undefined, null],
    [
      teamCapacityEvent('RunnerSlotReserved')({ teamId: id(3), runnerId: id(1), reservedAt: at }),
      undefined,
      null,
    ],
    [
      identityEvent('IdentityClaimed')({ issuer: 'i', subject: 's', userId: id(2), claimedAt: at }),
      undefined,
      null,
    ],
  ])('$type is $1', (event, eventType, errorMessage) => {
    const record = recordOf(event);
    expect(record?.eventType).toBe(eventType);
    if (!record) return;
    expect([record.success, record.errorMessage]).toEqual([errorMessage === null, errorMessage]);
  });

  it('says who, from where, about which runner, and the fact in snake_case', () => {
    const actor: Actor = { kind: 'user', issuer: 'https://issuer.example', subject: 'ann', userId: id(2) };
    expect(recordOf(started, actor)).toEqual({
      id: '00000000-0000-4000-9000-000000000005',
      position: 5n,
      eventType: 'job_started',
      runnerId: id(1),
      runnerName: 'build-1',
      teamId: id(3),
      runnerOwnerId: id(2),
      actorKind: 'user',
      actorUserId: id(2),
      actorIssuer: 'https://issuer.example',
      actorSubject: 'ann',
      actorApp: null,
      requestId: 'request-1',
      requestIp: null,
      userAgent: null,
      eventData: {
        runner_id: id(1),
        scope: { kind: 'org', login: 'acme' },
        installation_id: 7,
        job: {
          job_id: 70,
          run_id: 60,
          run_attempt: 1,
          repository: 'acme/shop',
          workflow_name: 'CI',
          job_name: 'test',
          html_url: 'https://github.com/acme/shop/actions/runs/60/job/70',
        },
        queued_at: '2025-12-31T23:59:00.000Z',
        started_at: minute(3),
      },
      success: true,
      errorMessage: null,
      severity: null,
      recordedAt: new Date(Date.UTC(2026, 0, 1) + 5),
    });
  });

  it('knows a machine by its client or its rule', () => {
    const machine: Actor = { kind: 'machine', issuer: 'i', subject: 's', machineClientId: id(4) };
    expect(recordOf(issued, machine)?.actorUserId).toBe(id(4));
    expect(recordOf(issued, { kind: 'machine', trustRuleId: id(6) })?.actorUserId).toBe(id(6));
  });

  it('keeps no e-mail and no name of a person', () => {
    const named = userEvent('UserDisplayNameSet')({ userId: id(2), displayName: 'Ann', setAt: minute(0) });
    const addressed = userEvent('UserEmailSet')({
      userId: id(2),
      email: 'ann@example.com',
      setAt: minute(0),
    });
    for (const event of [userCreated, named, addressed])
      expect(JSON.stringify(recordOf(event)?.eventData)).not.toMatch(/ann/i);
  });
});

describe('the timeline of a runner', () => {
  it('tells the story in order, the wait of the job included', () => {
    const records = [issued, online, started, completed, deleted].flatMap(
      (event, index) => recordOf(event, { kind: 'github' }, index + 1) ?? [],
    );
    const timeline = timelineOf(records, () => 'somebody');
    expect(timeline.map(({ type, actor, summary }) => `${type} by ${actor}: ${summary}`)).toEqual([
      'job_queued by github: Job "test" of acme/shop was queued.',
      'provision_jit by somebody: A JIT config was handed out; at GitHub it is runner 42.',
      'online by somebody: It came online and waits for a job.',
      'job_started by somebody: Job "test" of acme/shop started on it.',
      'job_completed by somebody: Job "test" of acme/shop completed: success.',
      'deleted by somebody: It was deleted, because its job was done.',
    ]);
    expect(timeline[0]?.at).toBe('2025-12-31T23:59:00.000Z');
    expect(timeline[1]?.at).toBe('2026-01-01T00:00:00.001Z');
  });
});
