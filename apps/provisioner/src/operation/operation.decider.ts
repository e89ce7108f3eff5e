import {
  type BatchAction,
  type BatchSelection,
  type Decision,
  type DeletionReason,
  type OperationEvent,
  operationEvent,
  refused,
} from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type TargetFailure = { targetId: string; code: string; detail: string };

export type KnownOperation = {
  status: 'requested' | 'running' | 'completed';
  operationId: string;
  action: BatchAction;
  comment: string;
  deletionReason: DeletionReason;
  removeRunners: boolean;
  /** Whom to look up as long as it is only requested. */
  selection: BatchSelection | undefined;
  targetIds: readonly string[];
  done: ReadonlySet<string>;
  failures: readonly TargetFailure[];
  startedAt: string;
  finishedAt: string | undefined;
};
export type OperationState = { status: 'unknown' } | KnownOperation;

export type RequestBatch = {
  type: 'RequestBatch';
  operationId: string;
  action: BatchAction;
  comment: string;
  deletionReason?: DeletionReason;
  removeRunners?: boolean;
  at: string;
} & Meant;
/** Named targets need no looking up: the operation has them from its first moment. */
export type Meant = { targetIds: readonly string[] } | { selection: BatchSelection };
export type StartBatch = { type: 'StartBatch'; targetIds: readonly string[]; at: string };
export type RecordProgress = {
  type: 'RecordProgress';
  doneIds: readonly string[];
  failures: readonly TargetFailure[];
  at: string;
};
export type CompleteBatch = { type: 'CompleteBatch'; at: string };
export type OperationCommand = RequestBatch | StartBatch | RecordProgress | CompleteBatch;

const requestBatch = (command: RequestBatch, operation: OperationState): Decision<OperationEvent> => {
  if (operation.status !== 'unknown') return [];
  const { type: _, at, ...request } = command;
  if ('selection' in request) return [operationEvent('BatchRequested')({ ...request, requestedAt: at })];
  const { targetIds, ...requested } = request;
  return [
    operationEvent('BatchRequested')({ ...requested, requestedAt: at }),
    batchStarted(request.operationId, targetIds, at),
  ];
};

const batchStarted = (operationId: string, targetIds: readonly string[], at: string) =>
  operationEvent('BatchStarted')({ operationId, targetIds: [...new Set(targetIds)], startedAt: at });

const startBatch = (
  { targetIds, at }: StartBatch,
  { status, operationId }: KnownOperation,
): Decision<OperationEvent> => (status === 'requested' ? [batchStarted(operationId, targetIds, at)] : []);

/** Two workers after a crash tell the same story: what is known already is not told again. */
const recordProgress = (
  { doneIds, failures, at }: RecordProgress,
  { status, operationId, done, failures: known }: KnownOperation,
): Decision<OperationEvent> => {
  const settled = new Set([...done, ...known.map(({ targetId }) => targetId)]);
  const newlyDone = doneIds.filter((id) => !settled.has(id));
  const newFailures = failures.filter(({ targetId }) => !settled.has(targetId));
  if (status !== 'running' || newlyDone.length + newFailures.length === 0) return [];
  return [
    operationEvent('BatchProgressed')({
      operationId,
      doneIds: newlyDone,
      failures: newFailures,
      progressedAt: at,
    }),
  ];
};

const completeBatch = ({ at }: CompleteBatch, operation: KnownOperation): Decision<OperationEvent> => {
  const { operationId, action, comment, done, failures } = operation;
  if (operation.status !== 'running' || remainingOf(operation).length > 0) return [];
  return [
    operationEvent('BatchCompleted')({
      operationId,
      action,
      comment,
      affectedCount: done.size,
      failedCount: failures.length,
      completedAt: at,
    }),
  ];
};

/** The targets nobody has dealt with yet. */
export const remainingOf = ({ targetIds, done, failures }: KnownOperation): string[] => {
  const failed = new Set(failures.map(({ targetId }) => targetId));
  return targetIds.filter((id) => !done.has(id) && !failed.has(id));
};

/** One call for many targets, from its request until every target has been dealt with. */
export const operationDecider: Decider<OperationCommand, OperationState, OperationEvent> = {
  initial: { status: 'unknown' },
  decide: (command, operation) => {
    if (command.type === 'RequestBatch') return requestBatch(command, operation);
    if (operation.status === 'unknown') return refused('operation-unknown', 'There is no such operation.');
    switch (command.type) {
      case 'StartBatch':
        return startBatch(command, operation);
      case 'RecordProgress':
        return recordProgress(command, operation);
      case 'CompleteBatch':
        return completeBatch(command, operation);
    }
  },
  evolve: (operation, event) => {
    if (event.type === 'BatchRequested') {
      const {
        deletionReason = 'deprovisioned',
        removeRunners = false,
        selection,
        requestedAt,
        ...requested
      } = event.data;
      return {
        ...requested,
        status: 'requested',
        deletionReason,
        removeRunners,
        selection,
        targetIds: [],
        done: new Set(),
        failures: [],
        startedAt: requestedAt,
        finishedAt: undefined,
      };
    }
    if (operation.status === 'unknown') return operation;
    switch (event.type) {
      case 'BatchStarted':
        return { ...operation, status: 'running', targetIds: event.data.targetIds };
      case 'BatchProgressed':
        return {
          ...operation,
          done: new Set([...operation.done, ...event.data.doneIds]),
          failures: [...operation.failures, ...event.data.failures],
        };
      case 'BatchCompleted':
        return { ...operation, status: 'completed', finishedAt: event.data.completedAt };
    }
  },
};
