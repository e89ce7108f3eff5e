import { type EventMetadata, type RunnerEvent, runnerEvent, streams } from '#libs/contracts';

/** A fact as it would be appended: what a runner goes through, in the shapes the service records. */
export type LifeFact = { id: string; stream: string; event: RunnerEvent; metadata: EventMetadata };

/** Facts of one runner, from the request to its end. */
export const FACTS_PER_LIFE = 6;

/**
 * The facts of many runners in the order of a log, the same at every call.
 *
 * @param sideBySide so many runners are alive at a time: with as many as facts are handed over at once, hardly two
 *   of those are about the same one
 */
export function* runnerLives(count: number, sideBySide = 512): Generator<LifeFact> {
  for (let index = 0; index < count; index++) yield factAt(index, sideBySide);
}

/** Generations of runners side by side: each stage of all of them, then the next stage. */
const factAt = (index: number, sideBySide: number): LifeFact => {
  const generation = Math.floor(index / (sideBySide * FACTS_PER_LIFE));
  const within = index % (sideBySide * FACTS_PER_LIFE);
  const runner = generation * sideBySide + (within % sideBySide);
  const stage = Math.floor(within / sideBySide);
  const runnerId = uuidOf('runner', runner);
  return {
    id: uuidOf('event', index),
    stream: streams.runner(runnerId),
    event: eventOf(runnerId, runner, stage, new Date(Date.UTC(2026, 0, 1) + index).toISOString()),
    metadata: {
      $correlationId: uuidOf('request', runner),
      $causationId: uuidOf('command', index),
      actor: {
        kind: 'user',
        issuer: 'https://auth.example.com/tenant-a',
        subject: `user-${runner % 20}`,
        userId: uuidOf('user', runner % 20),
      },
      schemaVersion: 1,
      requestIp: '192.0.2.17',
      userAgent: 'curl/8.5.0',
    },
  };
};

const eventOf = (runnerId: string, runner: number, stage: number, at: string): RunnerEvent => {
  const fact = { runnerId, scope: { kind: 'org', login: 'octo-org' } as const, installationId: 5678 };
  const labels = ['self-hosted', 'linux', 'x64', 'gpu', 'ubuntu-22.04'];
  const job = {
    jobId: 1_000_000 + runner,
    runId: 500_000 + runner,
    runAttempt: 1,
    repository: 'octo-org/machine-learning',
    workflowName: 'Train and evaluate',
    jobName: `train (${runner})`,
    htmlUrl: `https://github.com/octo-org/machine-learning/actions/runs/${500_000 + runner}/job/${1_000_000 + runner}`,
  };
  switch (stage) {
    case 0:
      return runnerEvent('RunnerProvisioningRequested')({
        ...fact,
        runnerName: `gpu-worker-${runner}`,
        provisioningMethod: 'jit',
        labels,
        runnerGroupId: 1,
        workFolder: '_work',
        ephemeral: true,
        disableUpdate: false,
        teamId: uuidOf('team', runner % 5),
        provisionedBy: uuidOf('user', runner % 20),
        requestedAt: at,
      });
    case 1:
      return runnerEvent('RunnerJitConfigIssued')({
        ...fact,
        githubRunnerId: 10_000 + runner,
        labels,
        jitConfigSha256: uuidOf('runner', runner).replaceAll('-', '').repeat(2),
        expiresAt: at,
        issuedAt: at,
      });
    case 2:
      return runnerEvent('RunnerCameOnline')({ ...fact, busy: false, seenAt: at });
    case 3:
      return runnerEvent('RunnerStartedWorkflowJob')({ ...fact, job, queuedAt: at, startedAt: at });
    case 4:
      return runnerEvent('RunnerCompletedWorkflowJob')({
        ...fact,
        job,
        conclusion: 'success',
        startedAt: at,
        completedAt: at,
      });
    default:
      return runnerEvent('RunnerDeleted')({ ...fact, reason: 'job-completed', deletedAt: at });
  }
};

const KINDS = ['event', 'runner', 'request', 'command', 'user', 'team'] as const;

/** Always the same for the same kind and number, and as scattered as random ones: indexes notice the difference. */
const uuidOf = (kind: (typeof KINDS)[number], number: number): string => {
  const words = [1, 2, 3, 4].map((seed) => scramble(number ^ scramble(seed + 16 * KINDS.indexOf(kind))));
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** 32-bit finalizer of MurmurHash3: different numbers stay different. */
const scramble = (number: number): number => {
  let mixed = number >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};
