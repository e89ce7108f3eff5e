import type { OperationView } from '#libs/contracts';
import type { KnownOperation } from './operation.decider.js';

export const operationView = (operation: KnownOperation): OperationView => {
  const { operationId, action, comment, status, targetIds, done, failures, startedAt, finishedAt } =
    operation;
  const failed = new Map(failures.map((failure) => [failure.targetId, failure]));
  return {
    operationId,
    action,
    comment,
    state: status === 'completed' ? 'completed' : 'running',
    affectedCount: done.size,
    failedCount: failures.length,
    total: targetIds.length,
    startedAt,
    ...(finishedAt === undefined ? {} : { finishedAt }),
    details: targetIds
      .filter((targetId) => done.has(targetId) || failed.has(targetId))
      .map((targetId) => {
        const failure = failed.get(targetId);
        return failure
          ? { targetId, success: false, code: failure.code, detail: failure.detail }
          : { targetId, success: true };
      }),
  };
};
