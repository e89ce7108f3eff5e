import { BatchActions } from './batch-actions.js';
import { BatchTargets } from './batch-targets.js';
import { GetOperationHandler } from './get-operation.query.js';
import { Operations } from './operations.js';
import { RunBatchHandler } from './run-batch.handler.js';
import { RunnerRemovals } from './runner-removals.js';

export const operationParts = [
  BatchTargets,
  BatchActions,
  Operations,
  RunnerRemovals,
  RunBatchHandler,
  GetOperationHandler,
];
