import { z } from 'zod';
import { uuid } from '../message.js';

const amount = z.number().int().nonnegative();

/** How one view gets on, in the process that answers. */
export const projectionStatsSchema = z.object({
  name: z.string(),
  /**
   * `live`: told of every fact as it is recorded. `catching-up`: reads what it has missed. `interrupted`: the log or
   * the database is away. `stopped`: for good, until somebody acts (docs/runbooks/projection-stopped.md).
   */
  status: z.enum(['live', 'catching-up', 'interrupted', 'stopped']),
  /** Log position up to which every fact is in the rows; absent before the first. */
  position: z.string().optional(),
  /** Seconds since the rows were last known to hold every fact of the log; 0 while they do. */
  lagSeconds: z.number().nonnegative(),
  /** Why it is interrupted or has stopped. */
  detail: z.string().optional(),
});
export type ProjectionStats = z.infer<typeof projectionStatsSchema>;

/** What every app with views tells of itself. */
export const appStatsSchema = z.object({ projections: z.array(projectionStatsSchema) });
export type AppStats = z.infer<typeof appStatsSchema>;

export const fleetStatsSchema = z.object({
  runners: z.object({
    /** Those that have been deleted since the beginning included. */
    total: amount,
    byStatus: z.object({ pending: amount, active: amount, offline: amount, deleted: amount }),
    /** Teams that have runners now, the largest first; the entry without a team is of runners without one. */
    byTeam: z.array(
      z.object({
        teamId: uuid.optional(),
        teamName: z.string().optional(),
        pending: amount,
        active: amount,
        offline: amount,
        /** The team's quota; absent: none. */
        limit: z.number().int().optional(),
      }),
    ),
  }),
  /** Administrators are counted while they are active. */
  users: z.object({ total: amount, active: amount, admins: amount }),
  teams: z.object({ total: amount, active: amount }),
  /** Without those that were removed. */
  machineClients: z.object({ total: amount, active: amount }),
});
export type FleetStats = z.infer<typeof fleetStatsSchema>;

export const recordStatsSchema = z.object({
  /** Security events; the last day is the 24 hours up to now. */
  security: z.object({
    total: amount,
    lastDay: z.object({ low: amount, medium: amount, high: amount, critical: amount }),
  }),
  /** Audit records; unsuccessful is what was refused or has failed. */
  audit: z.object({ total: amount, lastDay: z.object({ total: amount, unsuccessful: amount }) }),
});
export type RecordStats = z.infer<typeof recordStatsSchema>;

/** `fresh` is false when the rows had not yet caught up with what the caller knows. */
const fresh = z.boolean();
export const dashboardStatsSchema = fleetStatsSchema.extend({ ...appStatsSchema.shape, fresh });
export const auditStatsSchema = recordStatsSchema.extend({ ...appStatsSchema.shape, fresh });

export const getStatsSchema = z.object({});
