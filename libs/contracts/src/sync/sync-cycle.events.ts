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
  /** Somebody asked for a cycle; `SyncCycleCompleted` or `SyncCycleFailed` of the same id follows. */
  SyncCycleRequested: z.object({
    scope: scopeSchema,
    cycleId: uuid,
    /** User id. */
    requestedBy: uuid,
    requestedAt: instant,
  }),
  /** Of cycles nobody asked for, only those that changed something are recorded. */
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
      labelDrifts: z.number().int().optional(),
      unmanaged: z.number().int().optional(),
      total: z.number().int(),
    }),
  }),
  /** A cycle somebody asked for did not get to its end. */
  SyncCycleFailed: z.object({
    scope: scopeSchema,
    cycleId: uuid,
    observer: uuid,
    startedAt: instant,
    failedAt: instant,
    /** Problem code. */
    code: z.string(),
    detail: z.string(),
    retryAfterSeconds: z.number().int().positive().optional(),
  }),
};

export type SyncCycleEvent = EventsOf<typeof syncCycleEventSchemas>;
export const syncCycleEvent = eventConstructor<SyncCycleEvent>();
