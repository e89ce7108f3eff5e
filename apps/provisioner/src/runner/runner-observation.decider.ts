import {
  type Decision,
  type LabelDriftAction,
  type RecordObservation,
  type RunnerEvent,
  type RunnerFact,
  runnerEvent,
} from '#libs/contracts';
import { decideLabels } from './label-drift.decider.js';
import {
  type DeletingRunner,
  isAnotherId,
  isLive,
  type KnownRunner,
  type LiveRunner,
  type RunnerState,
} from './runner.state.js';
import { lostJobs, runsAJob } from './runner-jobs.js';
import { wasGoodAt } from './token-validity.js';

type Observed = Pick<RecordObservation, 'observation' | 'seenAt' | 'term'> & {
  driftAction: LabelDriftAction;
  at: string;
};

/**
 * What a look at GitHub adds to what is known. A look older than the newest one is stale and says nothing, and so is
 * one by an observer whose lease was over when the runner was last seen; that a runner is *not* busy proves nothing while a job of it is known to run.
 */
export const decideObservation = (
  { observation, seenAt, term, driftAction, at }: Observed,
  runner: RunnerState,
): Decision<RunnerEvent> => {
  if (!(isLive(runner) || runner.state === 'deleting') || isStale({ seenAt, term }, runner)) return [];
  if (observation.status === 'absent') {
    return runner.state === 'deleting' ? [deletedAsAskedFor(runner, at)] : vanished(runner, at);
  }

  const { githubRunnerId, labels, busy } = observation;
  const isAgain = isAnotherId(githubRunnerId, runner);
  if (isAgain && !mayBeRegisteredAgain(githubRunnerId, runner, seenAt)) return [];
  const registered = registration(runner, githubRunnerId, labels, seenAt);
  // it does not come back; but GitHub has to be asked to delete what it is now
  if (runner.state === 'deleting') return isAgain ? registered : [];
  const now = isAgain ? { ...runner, jobs: lostJobs(runner.jobs) } : runner;
  return [
    ...registered,
    ...connection(now, observation, term === undefined ? { seenAt } : { seenAt, term }),
    ...decideLabels(now, { labels, busy, seenAt, driftAction }),
  ];
};

/** GitHub counts upwards: who bears the name and has a lower id is what the runner was before. */
const mayBeRegisteredAgain = (
  githubRunnerId: number,
  { githubRunnerId: before = 0, tokenValid }: LiveRunner | DeletingRunner,
  seenAt: string,
): boolean => githubRunnerId > before && wasGoodAt(tokenValid, seenAt);

type Sight = { seenAt: string; term?: number | undefined };

const isStale = ({ seenAt, term }: Sight, { observedAt, observedTerm }: KnownRunner): boolean =>
  (observedAt !== undefined && seenAt < observedAt) ||
  (observedTerm !== undefined && term !== undefined && term < observedTerm);

const deletedAsAskedFor = (runner: DeletingRunner, deletedAt: string): RunnerEvent =>
  runnerEvent('RunnerDeleted')({ ...factOf(runner), reason: runner.reason, deletedAt });

/**
 * GitHub has forgotten the runner, and a lookup by id confirmed it. An ephemeral one that has worked may have been
 * seen idle or offline between the end of its job and its removal.
 */
const vanished = (runner: LiveRunner, at: string): RunnerEvent[] => {
  if (runner.githubRunnerId === undefined) return [];
  const hasWorked = runner.hasBeenBusy || runner.jobs.size > 0;
  const reason = runner.ephemeral && hasWorked ? 'job-completed' : 'vanished';
  return [runnerEvent('RunnerDeleted')({ ...factOf(runner), reason, deletedAt: at })];
};

/**
 * A runner that was given a registration token is recognised by its name when it first turns up: nobody had that
 * name at GitHub when the token was issued. So it is when its host has registered again and GitHub has given it
 * another id. Should it have other labels than it was to have, that is drift.
 */
const registration = (
  runner: LiveRunner | DeletingRunner,
  githubRunnerId: number,
  labels: string[],
  registeredAt: string,
): RunnerEvent[] =>
  runner.githubRunnerId !== githubRunnerId
    ? [runnerEvent('RunnerRegistered')({ ...factOf(runner), githubRunnerId, labels, registeredAt })]
    : [];

const connection = (
  runner: LiveRunner,
  { status, busy }: { status: 'online' | 'offline'; busy: boolean },
  sight: { seenAt: string; term?: number },
): RunnerEvent[] => {
  const fact = { ...factOf(runner), ...sight };
  if (status === 'offline') {
    return runner.state === 'idle' || runner.state === 'busy' ? [runnerEvent('RunnerWentOffline')(fact)] : [];
  }
  switch (runner.state) {
    case 'pending':
    case 'offline':
      return [runnerEvent('RunnerCameOnline')({ ...fact, busy })];
    case 'idle':
      return busy ? [runnerEvent('RunnerBecameBusy')(fact)] : [];
    case 'busy':
      return busy || runsAJob(runner.jobs) ? [] : [runnerEvent('RunnerBecameIdle')(fact)];
  }
};

const factOf = ({ runnerId, scope, installationId }: RunnerFact): RunnerFact => ({
  runnerId,
  scope,
  installationId,
});
