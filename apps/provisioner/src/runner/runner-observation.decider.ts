import {
  type Decision,
  type RecordObservation,
  type RunnerEvent,
  type RunnerFact,
  runnerEvent,
} from '#libs/contracts';
import { isLive, type LiveRunner, type RunnerState } from './runner.state.js';
import { runsAJob } from './runner-jobs.js';

type Observed = Pick<RecordObservation, 'observation' | 'seenAt'> & { at: string };

/**
 * What a look at GitHub adds to what is known. A look older than the newest one is stale and says nothing; that a
 * runner is *not* busy proves nothing while a job of it is known to run.
 */
export const decideObservation = (
  { observation, seenAt, at }: Observed,
  runner: RunnerState,
): Decision<RunnerEvent> => {
  if (runner.state === 'deleting' && observation.status === 'absent') {
    return [runnerEvent('RunnerDeleted')({ ...factOf(runner), reason: runner.reason, deletedAt: at })];
  }
  if (!isLive(runner) || (runner.observedAt !== undefined && seenAt < runner.observedAt)) return [];
  if (observation.status === 'absent') return vanished(runner, at);

  if (runner.githubRunnerId === undefined && !bearsLabels(runner, observation.labels)) return [];
  const registered = registration(runner, observation.githubRunnerId, observation.labels, seenAt);
  if (runner.githubRunnerId !== undefined && runner.githubRunnerId !== observation.githubRunnerId) return [];
  return [...registered, ...connection(runner, observation, seenAt)];
};

/** GitHub has forgotten the runner, and a lookup by id confirmed it. */
const vanished = (runner: LiveRunner, at: string): RunnerEvent[] => {
  if (runner.githubRunnerId === undefined) return [];
  const reason =
    runner.ephemeral && runner.jobs.size + Number(runner.state === 'busy') > 0 ? 'job-completed' : 'vanished';
  return [runnerEvent('RunnerDeleted')({ ...factOf(runner), reason, deletedAt: at })];
};

/**
 * A runner that was given a registration token is recognised by its name when it first turns up with the labels it
 * was to have; one of that name without them is somebody else's.
 */
const registration = (
  runner: LiveRunner,
  githubRunnerId: number,
  labels: string[],
  registeredAt: string,
): RunnerEvent[] =>
  runner.githubRunnerId === undefined
    ? [runnerEvent('RunnerRegistered')({ ...factOf(runner), githubRunnerId, labels, registeredAt })]
    : [];

const bearsLabels = (runner: LiveRunner, observed: readonly string[]) =>
  runner.labels.every((label) => observed.includes(label));

const connection = (
  runner: LiveRunner,
  { status, busy }: { status: 'online' | 'offline'; busy: boolean },
  seenAt: string,
): RunnerEvent[] => {
  const fact = factOf(runner);
  if (status === 'offline') {
    return runner.state === 'idle' || runner.state === 'busy'
      ? [runnerEvent('RunnerWentOffline')({ ...fact, seenAt })]
      : [];
  }
  switch (runner.state) {
    case 'pending':
    case 'offline':
      return [runnerEvent('RunnerCameOnline')({ ...fact, busy, seenAt })];
    case 'idle':
      return busy ? [runnerEvent('RunnerBecameBusy')({ ...fact, seenAt })] : [];
    case 'busy':
      return busy || runsAJob(runner.jobs) ? [] : [runnerEvent('RunnerBecameIdle')({ ...fact, seenAt })];
  }
};

const factOf = ({ runnerId, scope, installationId }: RunnerFact): RunnerFact => ({
  runnerId,
  scope,
  installationId,
});
