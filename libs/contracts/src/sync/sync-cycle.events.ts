import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';
import { scopeSchema } from '../runner/runner.events.js';

export const syncCycleEventSchemas = {
  /** The lease: whoever records the next start with the expected revision polls until `leaseExpiresAt`. */
  SyncLeaseTaken: z.object({
    scope: scopeSchema,
    /** Id of the sync process. */
    observer: uuid,
    /** Rising number of the lease; an observation of an older one is stale. */
    term: z.number().int().positive(),
    takenAt: instant,
    leaseExpiresAt: instant,
  }),
  /** Only cycles that changed something are recorded. */
  SyncCycleCompleted: z.object({
    scope: scopeSchema,
    cycleId: uuid,
    observer: uuid,
    startedAt: instant,
    completedAt: instant,
    result: z.object({
      updated: z.number().int(),
      deleted: z.number().int(),
      unchanged: z.number().int(),
      errors: z.number().int(),
      total: z.number().int(),
    }),
  }),
};

export type SyncCycleEvent = EventsOf<typeof syncCycleEventSchemas>;
export const syncCycleEvent = eventConstructor<SyncCycleEvent>();
