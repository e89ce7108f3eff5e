import type {
  DeletionReason,
  Recorded,
  RunnerEvent,
  RunnerState,
  RunnerStatus,
  WorkflowJob,
} from '#libs/contracts';
import { packLabels, type RunnerRow } from './runner.entity.js';

export type RunnerFact = Recorded<RunnerEvent>;
type FactOf<Type extends RunnerEvent['type']> = Extract<RunnerFact, { type: Type }>;

const STATUS_OF: Record<Exclude<RunnerState, 'deleting'>, RunnerStatus> = {
  requested: 'pending',
  pending: 'pending',
  idle: 'active',
  busy: 'active',
  offline: 'offline',
  deleted: 'deleted',
  failed: 'deleted',
};

/** The row after one more fact; facts it holds already change nothing. */
export const runnerAfter = (row: RunnerRow | undefined, fact: RunnerFact): RunnerRow | undefined => {
  if (fact.type === 'RunnerProvisioningRequested') return row ?? requested(fact);
  if (!row || fact.position <= row.position) return row;
  return { ...row, ...changes(row, fact), updatedAt: fact.recordedAt, position: fact.position };
};

const requested = ({ data, position, recordedAt }: FactOf<'RunnerProvisioningRequested'>): RunnerRow => ({
  id: data.runnerId,
  name: data.runnerName,
  nameKey: data.runnerName.toLowerCase(),
  state: 'requested',
  stateBefore: null,
  status: 'pending',
  githubRunnerId: null,
  runnerGroupId: data.runnerGroupId,
  labels: packLabels(data.labels),
  ephemeral: data.ephemeral,
  provisioningMethod: data.provisioningMethod,
  provisionedBy: data.provisionedBy,
  teamId: data.teamId ?? null,
  organization: data.scope.login,
  createdAt: new Date(data.requestedAt),
  updatedAt: recordedAt,
  registeredAt: null,
  lastSeenAt: null,
  deletedAt: null,
  deletionReason: null,
  currentJob: null,
  createdPosition: position,
  position,
});

type LaterFact = Exclude<RunnerFact, { type: 'RunnerProvisioningRequested' }>;

const changes = (row: RunnerRow, fact: LaterFact): Partial<RunnerRow> => {
  switch (fact.type) {
    case 'RunnerJitConfigIssued': {
      const { githubRunnerId, labels } = fact.data;
      return { ...reach(row, 'pending'), githubRunnerId, labels: packLabels(labels) };
    }
    case 'RunnerRegistrationTokenIssued':
      return row.state === 'requested' ? reach(row, 'pending') : {};
    case 'RunnerRegistered': {
      const { githubRunnerId, labels, registeredAt } = fact.data;
      return { githubRunnerId, labels: packLabels(labels), registeredAt: new Date(registeredAt) };
    }
    case 'RunnerCameOnline':
      return { ...seen(row, fact.data.seenAt), ...reach(row, fact.data.busy ? 'busy' : 'idle') };
    case 'RunnerWentOffline':
      return reach(row, 'offline');
    case 'RunnerBecameBusy':
      return { ...seen(row, fact.data.seenAt), ...reach(row, 'busy') };
    case 'RunnerBecameIdle':
      return { ...seen(row, fact.data.seenAt), ...reach(row, 'idle'), currentJob: null };
    case 'RunnerStartedWorkflowJob':
      return startedJob(row, fact.data.job, fact.data.startedAt);
    case 'RunnerCompletedWorkflowJob':
      return {
        ...seen(row, fact.data.completedAt),
        ...atWork(row, 'idle'),
        ...withoutJob(row, fact.data.job),
      };
    case 'RunnerLabelsDrifted':
      return { labels: packLabels(fact.data.observed) };
    case 'RunnerLabelDriftResolved':
      return { labels: packLabels(fact.data.labels) };
    case 'RunnerRegistrationTokenFailed':
    case 'RunnerSurplusMachineSeen':
    case 'RunnerSurplusMachineRemoved':
    case 'RunnerWorkflowJobOutsidePolicy':
    case 'RunnerWorkflowRunCancellationRequested':
    case 'RunnerWorkflowRunCancelled':
    case 'RunnerWorkflowRunCancellationFailed':
    case 'RunnerRefreshed':
      return {};
    case 'RunnerDeprovisioningRequested':
      return isLive(row.state) ? { state: 'deleting', stateBefore: row.state } : {};
    case 'RunnerDeprovisioningFailed':
      return row.state === 'deleting' ? { ...asBefore(row.stateBefore ?? 'offline'), stateBefore: null } : {};
    case 'RunnerDeleted':
      return ended('deleted', fact.data.reason, fact.data.deletedAt);
    case 'RunnerProvisioningFailed':
      return ended('failed', 'provisioning-failed', fact.data.failedAt);
    case 'RunnerProvisioningAbandoned':
      return ended('failed', 'provisioning-failed', fact.data.abandonedAt);
  }
};

const LIVE: readonly RunnerState[] = ['requested', 'pending', 'idle', 'busy', 'offline'];
const isLive = (state: RunnerState): boolean => LIVE.includes(state);

/** What GitHub says of a runner that is on its way out, or gone, does not bring it back. */
const reach = (row: RunnerRow, state: 'pending' | 'idle' | 'busy' | 'offline'): Partial<RunnerRow> =>
  isLive(row.state) ? { state, status: STATUS_OF[state] } : {};

/** A job that starts or ends while the runner is being deleted changes what it is again should GitHub refuse. */
const atWork = (row: RunnerRow, state: 'idle' | 'busy'): Partial<RunnerRow> =>
  row.state === 'deleting' && row.githubRunnerId ? { stateBefore: state } : reach(row, state);

const asBefore = (state: RunnerState): Partial<RunnerRow> =>
  state === 'deleting' ? {} : { state, status: STATUS_OF[state] };

const ended = (state: 'deleted' | 'failed', reason: DeletionReason, at: string): Partial<RunnerRow> => ({
  state,
  stateBefore: null,
  status: STATUS_OF[state],
  deletedAt: new Date(at),
  deletionReason: reason,
  currentJob: null,
});

/** A runner that was seen is registered, whoever noticed first. */
const seen = (row: RunnerRow, at: string): Partial<RunnerRow> => {
  const seenAt = new Date(at);
  return {
    lastSeenAt: row.lastSeenAt && row.lastSeenAt > seenAt ? row.lastSeenAt : seenAt,
    registeredAt: row.registeredAt ?? seenAt,
  };
};

const startedJob = (row: RunnerRow, job: WorkflowJob, startedAt: string): Partial<RunnerRow> => ({
  ...seen(row, startedAt),
  ...atWork(row, 'busy'),
  ...(row.deletedAt ? {} : { currentJob: { ...job, startedAt } }),
});

const withoutJob = (row: RunnerRow, job: WorkflowJob): Partial<RunnerRow> =>
  row.currentJob === null || row.currentJob?.jobId === job.jobId ? { currentJob: null } : {};
