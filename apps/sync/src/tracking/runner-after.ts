import { ownLabels } from '#libs/contracts';
import { LIVE_STATES, type TrackedRunnerRow, type TrackedState } from './tracked-runner.entity.js';
import type { FactOfRunner } from './tracking-fact.js';

type Row = TrackedRunnerRow;

/** A runner may come into sight with any of these: name, slot and request are recorded one after another. */
type Beginning = Extract<
  FactOfRunner,
  { type: 'RunnerNameClaimed' | 'RunnerSlotReserved' | 'UserSlotReserved' | 'RunnerProvisioningRequested' }
>;
type Later = Exclude<FactOfRunner, Beginning>;
type FactOf<Type extends FactOfRunner['type']> = Extract<FactOfRunner, { type: Type }>;

/** The row after the fact; undefined = there is nothing to look after. */
export const runnerAfter = (row: Row | undefined, fact: FactOfRunner): Row | undefined => {
  if (row && fact.position <= row.position) return row;
  switch (fact.type) {
    case 'RunnerNameClaimed':
    case 'RunnerSlotReserved':
    case 'UserSlotReserved':
    case 'RunnerProvisioningRequested':
      return afterBeginning({ ...(row ?? untracked(fact)), position: fact.position }, fact);
    default:
      return row && afterLater({ ...row, position: fact.position }, fact);
  }
};

const untracked = ({ data, recordedAt, position }: Beginning): Row => ({
  id: data.runnerId,
  name: null,
  nameKey: null,
  githubRunnerId: null,
  teamId: null,
  state: 'claimed',
  stateSince: recordedAt,
  stateBefore: null,
  expiresAt: null,
  tokenExpiresAt: null,
  labels: null,
  driftedTo: null,
  cancellingJobId: null,
  cancellingSince: null,
  nameHeldSince: null,
  slotHeldSince: null,
  position,
});

const afterBeginning = (row: Row, fact: Beginning): Row => {
  switch (fact.type) {
    case 'RunnerNameClaimed':
      return { ...row, ...named(fact.data.runnerName), nameHeldSince: fact.recordedAt };
    case 'RunnerSlotReserved':
      return { ...row, teamId: fact.data.teamId, slotHeldSince: fact.recordedAt };
    case 'UserSlotReserved':
      return { ...row, slotHeldSince: fact.recordedAt };
    case 'RunnerProvisioningRequested': {
      const { runnerName, teamId = null, labels } = fact.data;
      return inState({ ...row, ...named(runnerName), teamId, labels: ownLabels(labels) }, 'requested', fact);
    }
  }
};

const afterLater = (row: Row, fact: Later): Row | undefined => {
  switch (fact.type) {
    case 'RunnerNameReleased':
      return unlessForgotten({ ...row, nameHeldSince: null });
    case 'RunnerSlotReleased':
    case 'UserSlotReleased':
      return unlessForgotten({ ...row, slotHeldSince: null });
    case 'RunnerSlotRepaired':
    case 'UserSlotRepaired':
      return fact.data.repair === 'released'
        ? unlessForgotten({ ...row, slotHeldSince: null })
        : { ...row, slotHeldSince: fact.recordedAt };
    case 'RunnerJitConfigIssued': {
      const { githubRunnerId, expiresAt } = fact.data;
      return inState({ ...row, githubRunnerId, expiresAt: new Date(expiresAt) }, 'pending', fact);
    }
    case 'RunnerRegistrationTokenIssued':
      return withToken(row, fact);
    case 'RunnerRegistered':
      return { ...row, githubRunnerId: fact.data.githubRunnerId };
    case 'RunnerCameOnline':
      return whileLive(row, fact.data.busy ? 'busy' : 'idle', fact);
    case 'RunnerBecameBusy':
      return whileLive(row, 'busy', fact);
    case 'RunnerStartedWorkflowJob':
      return atWork(row, 'busy', fact);
    case 'RunnerCompletedWorkflowJob':
      return atWork(withoutCancellation(row, fact.data.job.jobId), 'idle', fact);
    case 'RunnerBecameIdle':
      return whileLive(row, 'idle', fact);
    case 'RunnerWentOffline':
      return whileLive(row, 'offline', fact);
    case 'RunnerLabelsDrifted':
      return { ...row, driftedTo: ownLabels(fact.data.observed) };
    case 'RunnerLabelDriftResolved':
      return { ...row, driftedTo: null };
    case 'RunnerWorkflowRunCancellationRequested':
      return { ...row, cancellingJobId: fact.data.job.jobId, cancellingSince: fact.recordedAt };
    case 'RunnerWorkflowRunCancelled':
    case 'RunnerWorkflowRunCancellationFailed':
      return withoutCancellation(row, fact.data.job.jobId);
    case 'RunnerRegistrationTokenFailed':
    case 'RunnerSurplusMachineSeen':
    case 'RunnerSurplusMachineRemoved':
    case 'RunnerWorkflowJobOutsidePolicy':
    case 'RunnerRefreshed':
      return row;
    case 'RunnerDeprovisioningRequested':
      // asked for again with more insistence: what it was before stays what it was
      return inState({ ...row, stateBefore: row.stateBefore ?? row.state }, 'deleting', fact);
    case 'RunnerDeprovisioningFailed':
      return row.stateBefore ? inState({ ...row, stateBefore: null }, row.stateBefore, fact) : row;
    case 'RunnerProvisioningFailed':
    case 'RunnerProvisioningAbandoned':
    case 'RunnerDeleted':
      return inState({ ...row, stateBefore: null }, 'ended', fact);
  }
};

/** A runner that has connected before is what it was. */
const withToken = (row: Row, fact: FactOf<'RunnerRegistrationTokenIssued'>): Row => {
  const expiresAt = new Date(fact.data.expiresAt);
  const given = { ...row, tokenExpiresAt: expiresAt };
  return row.state === 'requested' || row.state === 'pending'
    ? inState({ ...given, expiresAt }, 'pending', fact)
    : given;
};

const withoutCancellation = (row: Row, jobId: number): Row =>
  row.cancellingJobId === jobId ? { ...row, cancellingJobId: null, cancellingSince: null } : row;

const named = (name: string) => ({ name, nameKey: name.toLowerCase() });

const inState = (row: Row, state: TrackedState, { recordedAt }: FactOfRunner): Row => ({
  ...row,
  state,
  stateSince: recordedAt,
});

export const isLive = ({ state }: Pick<Row, 'state'>): boolean =>
  (LIVE_STATES as readonly TrackedState[]).includes(state);

/** What GitHub says of a runner that is on its way out does not bring it back. */
const whileLive = (row: Row, state: TrackedState, fact: FactOfRunner): Row =>
  isLive(row) && row.state !== state ? inState(row, state, fact) : row;

/** A job that starts or ends while the runner is being deleted changes what it is again should GitHub refuse. */
const atWork = (row: Row, state: 'busy' | 'idle', fact: FactOfRunner): Row =>
  row.state === 'deleting' && row.githubRunnerId
    ? { ...row, stateBefore: state }
    : whileLive(row, state, fact);

/** A provisioning that was refused has given everything back and leaves nothing to look after. */
const unlessForgotten = (row: Row): Row | undefined =>
  row.state === 'claimed' && !row.nameHeldSince && !row.slotHeldSince ? undefined : row;
