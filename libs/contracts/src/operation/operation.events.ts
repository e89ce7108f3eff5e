import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';
import { deletionReason } from '../runner/runner.events.js';

export const batchAction = z.enum([
  'disable-users',
  'restore-users',
  'delete-runners',
  'deactivate-teams',
  'reactivate-teams',
]);
export type BatchAction = z.infer<typeof batchAction>;

export const targetFailureSchema = z.object({ targetId: uuid, code: z.string(), detail: z.string() });

/** Who is meant, other than by their ids. They are looked up once the request is in the log. */
export const batchSelectionSchema = z.discriminatedUnion('of', [
  z.object({
    of: z.literal('all'),
    /** Of `disable-users`: administrators too. */
    includeAdmins: z.boolean(),
    /** Of `disable-users`: whoever asked, so that somebody is left to put things right. */
    sparedUserId: uuid,
  }),
  /** The runners of a team. */
  z.object({ of: z.literal('team'), teamId: uuid }),
  /** The runners these users provisioned. */
  z.object({ of: z.literal('users'), userIds: z.array(uuid) }),
]);
export type BatchSelection = z.infer<typeof batchSelectionSchema>;

/** One call for many targets. What is done to a target is a fact of the target's own, caused by the operation. */
export const operationEventSchemas = {
  /** Comes before the targets are looked up: whatever is in the log by then is seen. */
  BatchRequested: z.object({
    operationId: uuid,
    action: batchAction,
    comment: z.string(),
    /** Of `delete-runners`: what is written down as the reason. Absent: `deprovisioned`. */
    deletionReason: deletionReason.optional(),
    /** Of `deactivate-teams`: their runners are deleted at GitHub as well. */
    removeRunners: z.boolean().optional(),
    /** Absent: the targets are named, and told by the fact that follows at once. */
    selection: batchSelectionSchema.optional(),
    requestedAt: instant,
  }),
  BatchStarted: z.object({ operationId: uuid, targetIds: z.array(uuid), startedAt: instant }),
  /** These targets are done with, one way or the other. */
  BatchProgressed: z.object({
    operationId: uuid,
    doneIds: z.array(uuid),
    failures: z.array(targetFailureSchema),
    progressedAt: instant,
  }),
  BatchCompleted: z.object({
    operationId: uuid,
    action: batchAction,
    comment: z.string(),
    affectedCount: z.number().int(),
    failedCount: z.number().int(),
    completedAt: instant,
  }),
};
export type OperationEvent = EventsOf<typeof operationEventSchemas>;
export const operationEvent = eventConstructor<OperationEvent>();
