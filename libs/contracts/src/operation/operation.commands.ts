import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { comment } from '../team/team.commands.js';
import { batchAction } from './operation.events.js';

const targetIds = z.array(uuid).max(10_000).optional();

/** Who is meant: named ones, or really all. */
export const runBatchSchema = z.object({
  operationId: uuid,
  action: batchAction,
  comment,
  userIds: targetIds,
  runnerIds: targetIds,
  teamIds: targetIds,
  /** Of `delete-runners`: the runners this user provisioned. */
  userIdentity: z.string().optional(),
  /** Of `delete-runners`: the runners of this team. */
  teamId: uuid.optional(),
  all: z.boolean().default(false),
  /** Of `disable-users` with `all`: administrators too, but never the caller. */
  includeAdmins: z.boolean().default(false),
  /** Of `deactivate-teams`: their runners are deleted at GitHub as well. */
  removeRunners: z.boolean().default(false),
  /** Says what would happen. */
  dryRun: z.boolean().default(false),
});
export type RunBatchRequest = z.infer<typeof runBatchSchema>;

const detailSchema = z.object({
  targetId: uuid,
  success: z.boolean(),
  code: z.string().optional(),
  detail: z.string().optional(),
});

export const operationViewSchema = z.object({
  operationId: uuid,
  action: batchAction,
  comment: z.string(),
  state: z.enum(['running', 'completed', 'failed']),
  affectedCount: z.number().int(),
  failedCount: z.number().int(),
  total: z.number().int(),
  startedAt: instant,
  finishedAt: instant.optional(),
  details: z.array(detailSchema),
});
export type OperationView = z.infer<typeof operationViewSchema>;

export const batchRunSchema = z.object({
  operation: operationViewSchema,
  dryRun: z.boolean(),
  position: z.string().optional(),
});
export const getOperationSchema = z.object({ operationId: uuid });
export const operationFoundSchema = z.object({
  operation: operationViewSchema,
  /** What the operation has done so far is in the log up to here. */
  position: z.string().optional(),
});
