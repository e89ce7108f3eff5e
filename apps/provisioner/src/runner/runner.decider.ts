import {
  type Decision,
  type DeletionReason,
  type EventsOf,
  type LabelDriftAction,
  type RecordObservation,
  type RunnerEvent,
  type RunnerFact,
  refused,
  runnerEvent,
  type runnerEventSchemas,
} from '#libs/contracts';
import type { Decider } from '#libs/event-store';
import {
  decideTokenFailed,
  decideTokenRenewed,
  type RecordRegistrationTokenFailed,
  type RecordRegistrationTokenRenewed,
} from './registration-token.decider.js';
import {
  cancellationsFor,
  decideRunCancellation,
  type RecordRunCancellationFailed,
  type RecordRunCancelled,
} from './run-cancellation.decider.js';
import {
  evolve,
  isKnown,
  isLive,
  isWantedInAnyCase,
  type KnownRunner,
  type RunnerState,
} from './runner.state.js';
import { decideObservation } from './runner-observation.decider.js';
import { decideWorkflowJob, type ReportedJob } from './runner-workflow-job.decider.js';
import {
  decideSurplusRemoved,
  decideSurplusSeen,
  type RecordSurplusRemoved,
  type RecordSurplusSeen,
} from './surplus.decider.js';

type DataOf<Type extends RunnerEvent['type']> = Extract<
  EventsOf<typeof runnerEventSchemas>,
  { type: Type }
>['data'];
type Outcome<Type extends RunnerEvent['type']> = Omit<DataOf<Type>, keyof RunnerFact>;

export type RequestProvisioning = { type: 'RequestProvisioning' } & DataOf<'RunnerProvisioningRequested'>;
export type RecordJitConfigIssued = { type: 'RecordJitConfigIssued' } & Outcome<'RunnerJitConfigIssued'>;
export type RecordRegistrationTokenIssued = {
  type: 'RecordRegistrationTokenIssued';
} & Outcome<'RunnerRegistrationTokenIssued'>;
export type RecordProvisioningFailed = { type: 'RecordProvisioningFailed'; reason: string; at: string };
/** Closes what was left open by whoever was provisioning; requests after `openSince` are left alone. */
export type AbandonProvisioning = {
  type: 'AbandonProvisioning';
  runner: RunnerFact;
  openSince: string;
  at: string;
};
export type RecordRunnerObserved = {
  type: 'RecordRunnerObserved';
  /** What is done about changed labels. */
  driftAction: LabelDriftAction;
  at: string;
} & Pick<RecordObservation, 'observation' | 'seenAt'>;
export type RecordWorkflowJob = { type: 'RecordWorkflowJob' } & ReportedJob;
export type RequestDeprovisioning = {
  type: 'RequestDeprovisioning';
  reason: DeletionReason;
  /** A running job delays the deletion instead of refusing it. */
  untilConfirmed?: boolean;
  /** The workflow run of a running job is cancelled first. */
  cancelJob?: boolean;
  at: string;
};
/** The runner's time to connect is over. */
export type ExpireUnconnected = { type: 'ExpireUnconnected'; at: string };
/** It has been offline for too long. */
export type ExpireStale = { type: 'ExpireStale'; offlineSinceBefore: string; at: string };
export type RecordDeprovisioningFailed = { type: 'RecordDeprovisioningFailed'; reason: string; at: string };
/** GitHub confirmed that the runner is gone. */
export type RecordDeleted = { type: 'RecordDeleted'; at: string };
export type RecordRefreshed = { type: 'RecordRefreshed'; at: string };

export type RunnerCommand =
  | RequestProvisioning
  | RecordJitConfigIssued
  | RecordRegistrationTokenIssued
  | RecordRegistrationTokenRenewed
  | RecordRegistrationTokenFailed
  | RecordProvisioningFailed
  | AbandonProvisioning
  | RecordRunnerObserved
  | RecordWorkflowJob
  | RequestDeprovisioning
  | ExpireUnconnected
  | ExpireStale
  | RecordRunCancelled
  | RecordRunCancellationFailed
  | RecordDeprovisioningFailed
  | RecordDeleted
  | RecordRefreshed
  | RecordSurplusSeen
  | RecordSurplusRemoved;

type RunnerDecision = Decision<RunnerEvent>;

const decide = (command: RunnerCommand, runner: RunnerState): RunnerDecision => {
  switch (command.type) {
    case 'RequestProvisioning':
      return requestProvisioning(command, runner);
    case 'RecordJitConfigIssued':
      return recordJitConfigIssued(command, runner);
    case 'RecordRegistrationTokenIssued':
      return recordRegistrationTokenIssued(command, runner);
    case 'RecordRegistrationTokenRenewed':
      return decideTokenRenewed(command, runner);
    case 'RecordRegistrationTokenFailed':
      return decideTokenFailed(command, runner);
    case 'RecordProvisioningFailed':
      return recordProvisioningFailed(command, runner);
    case 'AbandonProvisioning':
      return abandonProvisioning(command, runner);
    case 'RecordRunnerObserved':
      return decideObservation(command, runner);
    case 'RecordWorkflowJob':
      return decideWorkflowJob(command, runner);
    case 'RequestDeprovisioning':
      return requestDeprovisioning(command, runner);
    case 'ExpireUnconnected':
      return expireUnconnected(command, runner);
    case 'ExpireStale':
      return expireStale(command, runner);
    case 'RecordRunCancelled':
    case 'RecordRunCancellationFailed':
      return decideRunCancellation(command, runner);
    case 'RecordDeprovisioningFailed':
      return recordDeprovisioningFailed(command, runner);
    case 'RecordDeleted':
      return recordDeleted(command, runner);
    case 'RecordRefreshed':
      return recordRefreshed(command, runner);
    case 'RecordSurplusSeen':
      return decideSurplusSeen(command, runner);
    case 'RecordSurplusRemoved':
      return decideSurplusRemoved(command, runner);
  }
};

const requestProvisioning = (
  { type: _, ...data }: RequestProvisioning,
  runner: RunnerState,
): RunnerDecision => {
  if (runner.state === 'unknown') return [runnerEvent('RunnerProvisioningRequested')(data)];
  if (runner.state === 'abandoned') return tooLate();
  return [];
};

const recordJitConfigIssued = (
  { type: _, ...issued }: RecordJitConfigIssued,
  runner: RunnerState,
): RunnerDecision =>
  runner.state === 'requested'
    ? [runnerEvent('RunnerJitConfigIssued')({ ...factOf(runner), ...issued })]
    : tooLate();

const recordRegistrationTokenIssued = (
  { type: _, ...issued }: RecordRegistrationTokenIssued,
  runner: RunnerState,
): RunnerDecision =>
  runner.state === 'requested' || (runner.state === 'pending' && runner.githubRunnerId === undefined)
    ? [runnerEvent('RunnerRegistrationTokenIssued')({ ...factOf(runner), ...issued })]
    : tooLate();

/** Settling was quicker: what GitHub gave out meanwhile is handed to nobody. */
const tooLate = () =>
  refused(
    'github-unavailable',
    'GitHub took so long that the request was given up. Nothing was handed out; ask again with a new name.',
  );

const recordProvisioningFailed = (
  { reason, at }: RecordProvisioningFailed,
  runner: RunnerState,
): RunnerDecision =>
  runner.state === 'requested'
    ? [runnerEvent('RunnerProvisioningFailed')({ ...factOf(runner), reason, failedAt: at })]
    : [];

const abandonProvisioning = (
  { runner: fact, openSince, at }: AbandonProvisioning,
  runner: RunnerState,
): RunnerDecision => {
  if (runner.state === 'unknown')
    return [runnerEvent('RunnerProvisioningAbandoned')({ ...fact, abandonedAt: at })];
  if (runner.state !== 'requested' || runner.requestedAt > openSince) return [];
  return [runnerEvent('RunnerProvisioningFailed')({ ...factOf(runner), reason: 'abandoned', failedAt: at })];
};

const requestDeprovisioning = (command: RequestDeprovisioning, runner: RunnerState): RunnerDecision => {
  const { reason, untilConfirmed, cancelJob, at } = command;
  const insists =
    runner.state === 'deleting' &&
    ((untilConfirmed && !runner.untilConfirmed) ||
      (cancelJob && !runner.cancelJob) ||
      (isWantedInAnyCase(command) && !runner.inAnyCase));
  if (isLive(runner) || insists) {
    const requested = runnerEvent('RunnerDeprovisioningRequested')({
      ...factOf(runner),
      reason: runner.state === 'deleting' && runner.inAnyCase ? runner.reason : reason,
      requestedAt: at,
      ...(untilConfirmed ? { untilConfirmed } : {}),
      ...(cancelJob ? { cancelJob } : {}),
    });
    return [requested, ...(cancelJob ? cancellationsFor(runner, reason, at) : [])];
  }
  switch (runner.state) {
    case 'deleting':
      return [];
    case 'unknown':
      return refused('runner-unknown', 'There is no such runner.');
    case 'requested':
      return refused(
        'provisioning-in-progress',
        'GitHub is still being asked for this runner. Try again in a few seconds.',
      );
    default:
      return refused('already-deleted', 'The runner is deleted already; there is nothing left to do.');
  }
};

const expireUnconnected = ({ at }: ExpireUnconnected, runner: RunnerState): RunnerDecision =>
  runner.state === 'pending' && runner.expiresAt < at
    ? [
        runnerEvent('RunnerDeprovisioningRequested')({
          ...factOf(runner),
          reason: 'never-connected',
          requestedAt: at,
        }),
      ]
    : [];

const expireStale = ({ offlineSinceBefore, at }: ExpireStale, runner: RunnerState): RunnerDecision =>
  runner.state === 'offline' && runner.offlineSince < offlineSinceBefore
    ? [
        runnerEvent('RunnerDeprovisioningRequested')({
          ...factOf(runner),
          reason: 'stale',
          // GitHub may take it for busy for some minutes more
          untilConfirmed: true,
          requestedAt: at,
        }),
      ]
    : [];

const recordDeprovisioningFailed = (
  { reason, at }: RecordDeprovisioningFailed,
  runner: RunnerState,
): RunnerDecision =>
  runner.state === 'deleting'
    ? [runnerEvent('RunnerDeprovisioningFailed')({ ...factOf(runner), reason, failedAt: at })]
    : [];

const recordDeleted = ({ at }: RecordDeleted, runner: RunnerState): RunnerDecision =>
  runner.state === 'deleting'
    ? [runnerEvent('RunnerDeleted')({ ...factOf(runner), reason: runner.reason, deletedAt: at })]
    : [];

const recordRefreshed = ({ at }: RecordRefreshed, runner: RunnerState): RunnerDecision =>
  isKnown(runner) ? [runnerEvent('RunnerRefreshed')({ ...factOf(runner), refreshedAt: at })] : [];

const factOf = ({ runnerId, scope, installationId }: KnownRunner): RunnerFact => ({
  runnerId,
  scope,
  installationId,
});

/** What may happen to a runner, from its request to its end. */
export const runnerDecider: Decider<RunnerCommand, RunnerState, RunnerEvent> = {
  initial: { state: 'unknown' },
  decide,
  evolve,
};
