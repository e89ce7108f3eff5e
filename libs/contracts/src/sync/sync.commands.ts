import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { syncResultSchema, unmanagedRunnerSchema } from './sync-status.queries.js';

/** Have all runners looked at now. */
export const triggerSyncSchema = z.object({
  cycleId: uuid,
  /** Whether the answer is to wait for the result. */
  wait: z.boolean().default(false),
});
export type TriggerSync = z.infer<typeof triggerSyncSchema>;

export const syncTriggeredSchema = z.object({
  cycleId: uuid,
  /** Absent: nobody waited, or not long enough. */
  result: syncResultSchema.optional(),
  position: z.string(),
});
export type SyncTriggered = z.infer<typeof syncTriggeredSchema>;

export const MOST_UNMANAGED_TOGETHER = 100;

const seenUnmanagedSchema = unmanagedRunnerSchema.extend({
  /** When the last complete look that did not show it was taken; absent: nobody knows since when it has been there. */
  absentAt: instant.optional(),
  /** Our runners that were given a registration token and have the same labels: perhaps it was theirs. */
  sharesLabelsWith: z.array(uuid).optional(),
});
export type SeenUnmanaged = z.infer<typeof seenUnmanagedSchema>;

/** Runners of the organisation that are nobody's here, as a complete look at GitHub showed them. */
export const recordUnmanagedSchema = z.object({
  runners: z.array(seenUnmanagedSchema).min(1).max(MOST_UNMANAGED_TOGETHER),
  /** How many there are altogether, those that were told of before included. */
  total: z.number().int(),
  seenAt: instant,
  /** Of the lease under which they were seen. */
  term: z.number().int().positive().optional(),
});
/** Which of the runners told of are nobody's indeed, those that were recorded before included. */
export const unmanagedRecordedSchema = z.object({
  unmanaged: z.array(z.number().int()),
  position: z.string().optional(),
});
export type RecordUnmanaged = z.infer<typeof recordUnmanagedSchema>;
