import { describe, expect, it } from '@jest/globals';
import { type RunnerEvent, runnerEvent } from '#libs/contracts';
import { recorded } from '#libs/testing';
import { unpackLabels } from './runner.entity.js';
import { runnerAfter } from './runner-after.js';

const runnerId = '00000000-0000-4000-8000-000000000001';
const runner = { runnerId, scope: { kind: 'org' as const, login: 'acme' }, installationId: 7 };
const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
const job = {
  jobId: 70,
  runId: 60,
  runAttempt: 1,
  repository: 'acme/shop',
  workflowName: 'CI',
  jobName: 'test',
  htmlUrl: 'https://github.com/acme/shop/actions/runs/60/job/70',
};

const requested = runnerEvent('RunnerProvisioningRequested')({
  ...runner,
  runnerName: 'Build-1',
  provisioningMethod: 'jit',
  labels: ['self-hosted', 'linux', 'x64'],
  runnerGroupId: 1,
  workFolder: '_work',
  ephemeral: true,
  disableUpdate: false,
  provisionedBy: '00000000-0000-4000-8000-000000000002',
  requestedAt: minute(0),
});
const issued = runnerEvent('RunnerJitConfigIssued')({
  ...runner,
  githubRunnerId: 42,
  labels: ['self-hosted', 'linux', 'x64', 'gpu'],
  jitConfigSha256: 'a'.repeat(64),
  expiresAt: minute(60),
  issuedAt: minute(1),
});
const online = runnerEvent('RunnerCameOnline')({ ...runner, busy: false, seenAt: minute(2) });
const offline = runnerEvent('RunnerWentOffline')({ ...runner, seenAt: minute(9) });
const started = runnerEvent('RunnerStartedWorkflowJob')({
  ...runner,
  job,
  queuedAt: minute(1),
  startedAt: minute(3),
});
const completed = runnerEvent('RunnerCompletedWorkflowJob')({
  ...runner,
  job,
  conclusion: 'success',
  startedAt: minute(3),
  completedAt: minute(5),
});
const deleting = runnerEvent('RunnerDeprovisioningRequested')({
  ...runner,
  reason: 'deprovisioned',
  requestedAt: minute(6),
});
const notDeleted = runnerEvent('RunnerDeprovisioningFailed')({
  ...runner,
  reason: 'runner-busy',
  failedAt: minute(7),
});
const deleted = runnerEvent('RunnerDeleted')({ ...runner, reason: 'job-completed', deletedAt: minute(8) });
const failed = runnerEvent('RunnerProvisioningFailed')({
  ...runner,
  reason: 'github-unavailable',
  failedAt: minute(1),
});
const registered = runnerEvent('RunnerRegistered')({
  ...runner,
  githubRunnerId: 43,
  labels: ['linux'],
  registeredAt: minute(2),
});
const token = runnerEvent('RunnerRegistrationTokenIssued')({
  ...runner,
  registrationTokenSha256: 'b'.repeat(64),
  expiresAt: minute(60),
  issuedAt: minute(1),
});

const rowAfter = (...events: RunnerEvent[]) =>
  events
    .map((event, index) => recorded(event, { position: index + 1 }))
    .reduce<ReturnType<typeof runnerAfter>>(runnerAfter, undefined);

describe('a runner as its facts leave it', () => {
  it.each<[string, RunnerEvent[], string, string]>([
    ['requested', [requested], 'requested', 'pending'],
    ['given a JIT config', [requested, issued], 'pending', 'pending'],
    ['given a registration token', [requested, token], 'pending', 'pending'],
    ['registered, not yet seen online', [requested, token, registered], 'pending', 'pending'],
    ['online', [requested, issued, online], 'idle', 'active'],
    ['registered, with a fresh token', [requested, token, registered, token], 'pending', 'pending'],
    ['online again with a fresh token', [requested, token, registered, online, token], 'idle', 'active'],
    ['running a job', [requested, issued, online, started], 'busy', 'active'],
    ['running a job before anybody saw it', [requested, issued, started], 'busy', 'active'],
    ['done with its job', [requested, issued, online, started, completed], 'idle', 'active'],
    ['offline', [requested, issued, online, offline], 'offline', 'offline'],
    ['being deleted while idle', [requested, issued, online, deleting], 'deleting', 'active'],
    ['being deleted, keeps its status', [requested, issued, online, deleting, offline], 'deleting', 'active'],
    ['not deleted after all', [requested, issued, online, started, deleting, notDeleted], 'busy', 'active'],
    ['not deleted, a job was quicker', [requested, issued, deleting, started, notDeleted], 'busy', 'active'],
    ['deleted', [requested, issued, online, deleting, deleted], 'deleted', 'deleted'],
    ['deleted, a late job notwithstanding', [requested, issued, deleted, started], 'deleted', 'deleted'],
    ['failed', [requested, failed], 'failed', 'deleted'],
  ])('%s', (_, events, state, status) => {
    expect(rowAfter(...events)).toMatchObject({ state, status });
  });

  it('knows the job while it runs, and only then', () => {
    expect(rowAfter(requested, issued, online, started)?.currentJob).toEqual({
      ...job,
      startedAt: minute(3),
    });
    expect(rowAfter(requested, issued, online, started, completed)?.currentJob).toBeNull();
    expect(rowAfter(requested, issued, deleted, started)?.currentJob).toBeNull();
  });

  it('keeps what GitHub said: id, labels, when it was registered and last seen', () => {
    const row = rowAfter(requested, issued, started, online);
    expect(row).toMatchObject({
      githubRunnerId: 42,
      registeredAt: new Date(minute(3)),
      lastSeenAt: new Date(minute(3)),
    });
    expect(unpackLabels(row?.labels ?? '')).toEqual(['self-hosted', 'linux', 'x64', 'gpu']);
  });

  it('says why and when it ended', () => {
    expect(rowAfter(requested, issued, deleted)).toMatchObject({
      deletionReason: 'job-completed',
      deletedAt: new Date(minute(8)),
    });
    expect(rowAfter(requested, failed)).toMatchObject({ deletionReason: 'provisioning-failed' });
  });

  it('is not changed by facts it holds already', () => {
    const row = rowAfter(requested, issued, online, started);
    const repeats = [requested, issued, online, started].map((event, index) =>
      recorded(event, { position: index + 1 }),
    );
    expect(repeats.reduce(runnerAfter, row)).toBe(row);
  });

  it('is nobody’s row without a request', () => {
    expect(rowAfter(online, deleted)).toBeUndefined();
  });
});

describe('labels changed at GitHub', () => {
  const difference = { missing: [], unexpected: ['production'] };
  const drifted = runnerEvent('RunnerLabelsDrifted')({
    ...runner,
    ...difference,
    runnerName: 'Build-1',
    expected: ['gpu'],
    observed: ['gpu', 'production'],
    action: 'alert',
    busy: false,
    seenAt: minute(4),
  });
  const resolved = runnerEvent('RunnerLabelDriftResolved')({ ...runner, labels: ['gpu'], seenAt: minute(5) });

  it('are shown as GitHub shows them', () => {
    expect(unpackLabels(rowAfter(requested, issued, drifted)?.labels ?? '')).toEqual(['gpu', 'production']);
    const row = rowAfter(requested, issued, drifted, resolved);
    expect(unpackLabels(row?.labels ?? '')).toEqual(['gpu']);
  });
});
