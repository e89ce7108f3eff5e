import { type RunnerEvent, type RunnerFact, runnerEvent } from '#libs/contracts';

/** Facts and reports about one runner, for specs. */
export const RUNNER: RunnerFact = {
  runnerId: '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01',
  scope: { kind: 'org', login: 'octo-org' },
  installationId: 42,
};
export const GITHUB_RUNNER_ID = 10450;
export const AT = {
  requested: '2026-03-01T10:00:00.000Z',
  issued: '2026-03-01T10:00:01.000Z',
  online: '2026-03-01T10:00:10.000Z',
  started: '2026-03-01T10:00:20.000Z',
  completed: '2026-03-01T10:05:00.000Z',
  expires: '2026-03-01T11:00:01.000Z',
  later: '2026-03-01T12:00:00.000Z',
};

type DataOf<Type extends RunnerEvent['type']> = Extract<RunnerEvent, { type: Type }>['data'];

export const requested = (data: Partial<DataOf<'RunnerProvisioningRequested'>> = {}) =>
  runnerEvent('RunnerProvisioningRequested')({
    ...RUNNER,
    runnerName: 'gpu-worker-001',
    provisioningMethod: 'jit',
    labels: ['self-hosted', 'linux', 'x64', 'gpu'],
    runnerGroupId: 1,
    workFolder: '_work',
    ephemeral: true,
    disableUpdate: false,
    teamId: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02',
    provisionedBy: '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04',
    requestedAt: AT.requested,
    ...data,
  });

export const jitConfigIssued = () =>
  runnerEvent('RunnerJitConfigIssued')({
    ...RUNNER,
    githubRunnerId: GITHUB_RUNNER_ID,
    labels: ['self-hosted', 'linux', 'x64', 'gpu'],
    jitConfigSha256: 'a'.repeat(64),
    expiresAt: AT.expires,
    issuedAt: AT.issued,
  });

export const registrationTokenIssued = () =>
  runnerEvent('RunnerRegistrationTokenIssued')({
    ...RUNNER,
    registrationTokenSha256: 'b'.repeat(64),
    expiresAt: AT.expires,
    issuedAt: AT.issued,
  });

export const cameOnline = (busy = false, seenAt = AT.online) =>
  runnerEvent('RunnerCameOnline')({ ...RUNNER, busy, seenAt });

export const JOB = {
  jobId: 900,
  runId: 800,
  runAttempt: 1,
  repository: 'octo-org/app',
  workflowName: 'build',
  jobName: 'test',
  htmlUrl: 'https://github.com/octo-org/app/actions/runs/800/job/900',
};

export const startedJob = () =>
  runnerEvent('RunnerStartedWorkflowJob')({
    ...RUNNER,
    job: JOB,
    queuedAt: AT.requested,
    startedAt: AT.started,
  });

export const completedJob = () =>
  runnerEvent('RunnerCompletedWorkflowJob')({
    ...RUNNER,
    job: JOB,
    conclusion: 'success',
    startedAt: AT.started,
    completedAt: AT.completed,
  });

export const labelsDrifted = (
  observed: string[],
  data: Pick<DataOf<'RunnerLabelsDrifted'>, 'missing' | 'unexpected'> &
    Partial<DataOf<'RunnerLabelsDrifted'>>,
) =>
  runnerEvent('RunnerLabelsDrifted')({
    ...RUNNER,
    runnerName: 'gpu-worker-001',
    teamId: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02',
    expected: ['self-hosted', 'linux', 'x64', 'gpu'],
    observed,
    action: 'remove',
    busy: false,
    seenAt: AT.online,
    ...data,
  });

export const cancellationRequested = (
  reason: DataOf<'RunnerWorkflowRunCancellationRequested'>['reason'] = 'deprovisioned',
) =>
  runnerEvent('RunnerWorkflowRunCancellationRequested')({
    ...RUNNER,
    job: JOB,
    reason,
    requestedAt: AT.later,
  });

export const deletionRequested = (
  reason: DataOf<'RunnerDeprovisioningRequested'>['reason'] = 'deprovisioned',
) => runnerEvent('RunnerDeprovisioningRequested')({ ...RUNNER, reason, requestedAt: AT.later });

export const deleted = (reason: DataOf<'RunnerDeleted'>['reason'], deletedAt = AT.later) =>
  runnerEvent('RunnerDeleted')({ ...RUNNER, reason, deletedAt });

/** GitHub shows the runner. */
export const seen = (
  status: 'online' | 'offline',
  busy: boolean,
  seenAt = AT.online,
  labels = ['self-hosted', 'linux', 'x64', 'gpu'],
) => ({
  type: 'RecordRunnerObserved' as const,
  observation: { status, busy, githubRunnerId: GITHUB_RUNNER_ID, labels },
  seenAt,
  driftAction: 'remove' as const,
  at: AT.later,
});

/** GitHub has no such runner. */
export const gone = (seenAt = AT.later) => ({
  type: 'RecordRunnerObserved' as const,
  observation: { status: 'absent' as const },
  seenAt,
  driftAction: 'remove' as const,
  at: AT.later,
});

/** A webhook tells of the job. */
export const jobReport = (stage: 'in_progress' | 'completed') => ({
  type: 'RecordWorkflowJob' as const,
  runnerId: RUNNER.runnerId,
  githubRunnerId: GITHUB_RUNNER_ID,
  stage,
  job: JOB,
  conclusion: stage === 'completed' ? 'success' : null,
  queuedAt: AT.requested,
  startedAt: AT.started,
  ...(stage === 'completed' ? { completedAt: AT.completed } : {}),
  at: AT.later,
});
