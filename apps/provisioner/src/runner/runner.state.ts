import type { DeletionReason, ProvisioningMethod, RunnerEvent, RunnerFact } from '#libs/contracts';
import { jobsAfter, lostJobs, type RunnerJobs } from './runner-jobs.js';
import { type TokenValidity, validityAfter } from './token-validity.js';

/** What is known of a runner from its request on. */
type Known = RunnerFact & {
  runnerName: string;
  provisioningMethod: ProvisioningMethod;
  labels: readonly string[];
  runnerGroupId: number;
  ephemeral: boolean;
  disableUpdate: boolean;
  teamId: string | undefined;
  /** User id. */
  provisionedBy: string;
  /** Names the sealed answer a repeat of the request would get. */
  idempotencyKeySha256: string | undefined;
  requestedAt: string;
  /** The newest instant of which a look at GitHub told; older looks are stale. */
  observedAt: string | undefined;
  /** Number of the newest lease under which it was seen; undefined when only others have looked. */
  observedTerm: number | undefined;
  jobs: RunnerJobs;
  /** GitHub has shown it at work, whether or not anybody told of the job. */
  hasBeenBusy: boolean;
  /** All labels GitHub shows while they differ from those asked for; else undefined. */
  driftedTo: readonly string[] | undefined;
  /** Undefined: no registration token was handed out. */
  tokenValid: TokenValidity | undefined;
  /** Why the newest call for fresh tokens came to nothing. */
  tokenFailure: { reason: string; failedAt: string } | undefined;
  /** Other machines that registered with it, by GitHub's id. */
  surplus: ReadonlyMap<number, 'seen' | 'removed'>;
};

type AtGithub = { githubRunnerId: number };
type Live = 'pending' | 'idle' | 'busy' | 'offline';

export type RunnerState =
  | { state: 'unknown' }
  | { state: 'abandoned' }
  | (Known & { state: 'requested' })
  | (Known & { state: 'failed'; reason: string })
  | (Known & { state: 'pending'; githubRunnerId: number | undefined; expiresAt: string })
  | (Known & AtGithub & { state: 'idle' | 'busy' })
  | (Known & AtGithub & { state: 'offline'; offlineSince: string })
  | (Known & {
      state: 'deleting';
      was: RunnerState;
      githubRunnerId: number | undefined;
      reason: DeletionReason;
      /** A running job delays the deletion instead of refusing it. */
      untilConfirmed: boolean;
      /** The workflow run of a running job is cancelled first. */
      cancelJob: boolean;
      /** Also when that run may not be cancelled: the runner is removed when its job has ended. */
      inAnyCase: boolean;
    })
  | (Known & { state: 'deleted'; githubRunnerId: number | undefined; reason: DeletionReason });

export type KnownRunner = Extract<RunnerState, Known>;
export type LiveRunner = Extract<RunnerState, { state: Live }>;
export type DeletingRunner = Extract<RunnerState, { state: 'deleting' }>;

export const isLive = (runner: RunnerState): runner is LiveRunner =>
  runner.state === 'pending' ||
  runner.state === 'idle' ||
  runner.state === 'busy' ||
  runner.state === 'offline';

export const isKnown = (runner: RunnerState): runner is KnownRunner =>
  runner.state !== 'unknown' && runner.state !== 'abandoned';

/** Nothing further will happen to it. */
export const hasEnded = (runner: RunnerState): boolean =>
  runner.state === 'deleted' || runner.state === 'failed' || runner.state === 'abandoned';

/**
 * Nobody answered for its request, so GitHub may have created it all the same. Its name is kept until GitHub has
 * been asked, or the runner could no longer be told from somebody else's.
 */
export const mayBeOrphan = (runner: RunnerState): runner is Extract<RunnerState, { state: 'failed' }> =>
  runner.state === 'failed' && runner.reason === 'abandoned';

export const evolve = (runner: RunnerState, event: RunnerEvent): RunnerState => {
  if (event.type === 'RunnerProvisioningRequested') {
    const { teamId, idempotencyKeySha256, ...requested } = event.data;
    return {
      ...requested,
      teamId,
      idempotencyKeySha256,
      state: 'requested',
      observedAt: undefined,
      observedTerm: undefined,
      jobs: new Map(),
      hasBeenBusy: false,
      driftedTo: undefined,
      tokenValid: undefined,
      tokenFailure: undefined,
      surplus: new Map(),
    };
  }
  if (event.type === 'RunnerProvisioningAbandoned') return { state: 'abandoned' };
  return isKnown(runner) ? evolveKnown(runner, event) : runner;
};

type Later = Exclude<RunnerEvent, { type: 'RunnerProvisioningRequested' | 'RunnerProvisioningAbandoned' }>;

const evolveKnown = (runner: KnownRunner, event: Later): RunnerState => {
  const known = knownPart(runner);
  const githubRunnerId = 'githubRunnerId' in runner ? runner.githubRunnerId : undefined;
  switch (event.type) {
    case 'RunnerJitConfigIssued': {
      const { githubRunnerId, expiresAt } = event.data;
      return { ...known, state: 'pending', githubRunnerId, expiresAt };
    }
    case 'RunnerRegistrationTokenIssued':
      return withToken(runner, event.data);
    case 'RunnerRegistrationTokenFailed': {
      const { reason, failedAt } = event.data;
      return { ...runner, tokenFailure: { reason, failedAt } };
    }
    case 'RunnerProvisioningFailed':
      return { ...known, state: 'failed', reason: event.data.reason };
    case 'RunnerRegistered':
      if (runner.state !== 'deleting') return isLive(runner) ? registered(runner, event.data) : runner;
      return {
        ...registered(runner, event.data),
        was: isLive(runner.was) ? registered(runner.was, event.data) : runner.was,
      };
    case 'RunnerCameOnline': {
      const { busy } = event.data;
      return atGithub(seen(busy ? atWorkNow(runner) : runner, event.data), { state: busy ? 'busy' : 'idle' });
    }
    case 'RunnerWentOffline': {
      const { seenAt } = event.data;
      return atGithub(seen(runner, event.data), { state: 'offline', offlineSince: seenAt });
    }
    case 'RunnerBecameBusy':
      return atGithub(seen(atWorkNow(runner), event.data), { state: 'busy' });
    case 'RunnerBecameIdle':
      return atGithub(seen(runner, event.data), { state: 'idle' });
    case 'RunnerStartedWorkflowJob':
      return atWork({ ...runner, jobs: jobsAfter(runner.jobs, event) }, 'busy');
    case 'RunnerCompletedWorkflowJob':
      return atWork({ ...runner, jobs: jobsAfter(runner.jobs, event) }, 'idle');
    case 'RunnerWorkflowRunCancellationRequested':
    case 'RunnerWorkflowRunCancelled':
    case 'RunnerWorkflowRunCancellationFailed':
      return { ...runner, jobs: jobsAfter(runner.jobs, event) };
    case 'RunnerLabelsDrifted':
      return { ...seen(runner, event.data), driftedTo: event.data.observed };
    case 'RunnerLabelDriftResolved':
      return { ...seen(runner, event.data), driftedTo: undefined };
    case 'RunnerSurplusMachineSeen':
      return { ...runner, surplus: new Map(runner.surplus).set(event.data.githubRunnerId, 'seen') };
    case 'RunnerSurplusMachineRemoved':
      return { ...runner, surplus: new Map(runner.surplus).set(event.data.githubRunnerId, 'removed') };
    case 'RunnerWorkflowJobOutsidePolicy':
    case 'RunnerRefreshed':
      return runner;
    case 'RunnerDeprovisioningRequested': {
      const before = runner.state === 'deleting' ? runner : NOT_ASKED_FOR;
      return {
        ...known,
        state: 'deleting',
        was: runner.state === 'deleting' ? runner.was : runner,
        githubRunnerId,
        reason: event.data.reason,
        untilConfirmed: before.untilConfirmed || event.data.untilConfirmed === true,
        cancelJob: before.cancelJob || event.data.cancelJob === true,
        inAnyCase: before.inAnyCase || isWantedInAnyCase(event.data),
      };
    }
    case 'RunnerDeprovisioningFailed':
      return runner.state === 'deleting' ? asBefore(runner) : runner;
    case 'RunnerDeleted':
      return { ...known, state: 'deleted', githubRunnerId, reason: event.data.reason };
  }
};

const NOT_ASKED_FOR = { untilConfirmed: false, cancelJob: false, inAnyCase: false };

/** Who asks for the job to be cancelled as well is told when it may not be, and the deletion is called off. */
export const isWantedInAnyCase = ({
  reason,
  untilConfirmed = false,
  cancelJob = false,
}: {
  reason: DeletionReason;
  untilConfirmed?: boolean | undefined;
  cancelJob?: boolean | undefined;
}): boolean => untilConfirmed && !(cancelJob && reason === 'deprovisioned');

const knownPart = (runner: KnownRunner): Known => {
  const { runnerId, scope, installationId, runnerName, provisioningMethod, labels, runnerGroupId } = runner;
  const { ephemeral, disableUpdate, teamId, provisionedBy, idempotencyKeySha256 } = runner;
  const { requestedAt, observedAt, observedTerm, jobs, hasBeenBusy, driftedTo } = runner;
  const { tokenValid, tokenFailure, surplus } = runner;
  return {
    runnerId,
    scope,
    installationId,
    runnerName,
    provisioningMethod,
    labels,
    runnerGroupId,
    ephemeral,
    disableUpdate,
    teamId,
    provisionedBy,
    idempotencyKeySha256,
    requestedAt,
    observedAt,
    observedTerm,
    jobs,
    hasBeenBusy,
    driftedTo,
    tokenValid,
    tokenFailure,
    surplus,
  };
};

/** A runner that has yet to connect has until the fresh token's end; one that has is what it was. */
const withToken = (runner: KnownRunner, issued: { issuedAt: string; expiresAt: string }): RunnerState => {
  const tokenValid = validityAfter(runner.tokenValid, issued);
  const { expiresAt } = issued;
  if (runner.state === 'requested')
    return { ...knownPart(runner), state: 'pending', githubRunnerId: undefined, expiresAt, tokenValid };
  return runner.state === 'pending' ? { ...runner, expiresAt, tokenValid } : { ...runner, tokenValid };
};

/** Known by GitHub's id from now on, which is another one when its host has registered it again. */
const registered = <Runner extends LiveRunner | DeletingRunner>(
  runner: Runner,
  { githubRunnerId, registeredAt }: { githubRunnerId: number; registeredAt: string },
): Runner => ({
  ...runner,
  githubRunnerId,
  // a look from before shows the registration that has been replaced
  observedAt: newest(runner.observedAt, registeredAt),
  jobs: isAnotherId(githubRunnerId, runner) ? lostJobs(runner.jobs) : runner.jobs,
});

/** Not the id GitHub had given the runner, which it has only while it has not been registered again. */
export const isAnotherId = (
  githubRunnerId: number,
  runner: { githubRunnerId: number | undefined },
): boolean => runner.githubRunnerId !== undefined && runner.githubRunnerId !== githubRunnerId;

/** A job that starts or ends while the runner is being deleted changes what it is again should GitHub refuse. */
const atWork = (runner: KnownRunner, state: 'busy' | 'idle'): RunnerState =>
  runner.state === 'deleting' && isKnown(runner.was)
    ? { ...runner, was: atGithub(runner.was, { state }) }
    : atGithub(runner, { state });

/** The deletion was refused: the runner is what it was, and has done what it did meanwhile. */
const asBefore = ({
  was,
  jobs,
  observedAt,
  observedTerm,
  driftedTo,
  surplus,
}: DeletingRunner): RunnerState =>
  isLive(was) ? { ...was, jobs, observedAt, observedTerm, driftedTo, surplus } : was;

const atWorkNow = (runner: KnownRunner): KnownRunner => ({ ...runner, hasBeenBusy: true });

/** A webhook tells when a job began, which may be before the newest look. */
const seen = (
  runner: KnownRunner,
  { seenAt, term = runner.observedTerm }: { seenAt: string; term?: number | undefined },
): KnownRunner => ({ ...runner, observedAt: newest(runner.observedAt, seenAt), observedTerm: term });

const newest = (known: string | undefined, seenAt: string): string =>
  known !== undefined && known > seenAt ? known : seenAt;

type Connection = { state: 'idle' | 'busy' } | { state: 'offline'; offlineSince: string };

/** What GitHub says of a runner that is on its way out does not bring it back. */
const atGithub = (runner: KnownRunner, connection: Connection): RunnerState =>
  isLive(runner) && runner.githubRunnerId !== undefined
    ? { ...knownPart(runner), ...connection, githubRunnerId: runner.githubRunnerId }
    : runner;
