import { z } from 'zod';
import { examples, type OperationView, operationViewSchema } from '#libs/contracts';

const { action, affectedCount, failedCount, comment, details, operationId } = operationViewSchema.shape;

export const batchAnswerSchema = z.object({
  success: z.boolean(),
  action,
  affectedCount,
  failedCount,
  comment,
  dryRun: z.boolean(),
  details,
  operationId,
});

export const batchAnswer = (
  { action, state, affectedCount, failedCount, comment, details, operationId }: OperationView,
  dryRun: boolean,
): z.infer<typeof batchAnswerSchema> => ({
  success: state !== 'failed' && failedCount === 0,
  action,
  affectedCount,
  failedCount,
  comment,
  dryRun,
  details,
  operationId,
});

const { finishedAt: _, ...unfinished } = examples.operation;
export const runningOperation: OperationView = {
  ...unfinished,
  state: 'running',
  affectedCount: 0,
  failedCount: 0,
  total: 252,
  details: [],
};
