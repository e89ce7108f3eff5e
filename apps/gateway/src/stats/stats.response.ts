import { z } from 'zod';
import {
  examples,
  fleetStatsSchema,
  instant,
  projectionStatsSchema,
  recordStatsSchema,
} from '#libs/contracts';

/** The apps that are asked. */
export const statsApp = z.enum(['provisioner', 'sync', 'audit', 'dashboard']);
export type StatsApp = z.infer<typeof statsApp>;

/** Figures of an app that did not answer are absent. */
export const statsSchema = z.object({
  ...fleetStatsSchema.partial().shape,
  ...recordStatsSchema.partial().shape,
  projections: z.array(z.object({ app: statsApp, ...projectionStatsSchema.shape })),
  /** Apps that did not answer in time, or could not. */
  missing: z.array(statsApp),
  generatedAt: instant,
});
export type Stats = z.infer<typeof statsSchema>;

const { runners, users, teams, machineClients, projections: ofDashboard } = examples.dashboardStats;
const { security, audit, projections: ofAudit } = examples.auditStats;

/** While sync is away. */
export const statsExample: Stats = {
  runners,
  users,
  teams,
  machineClients,
  security,
  audit,
  projections: [
    ...examples.provisionerStats.projections.map((stats) => ({ app: 'provisioner' as const, ...stats })),
    ...ofAudit.map((stats) => ({ app: 'audit' as const, ...stats })),
    ...ofDashboard.map((stats) => ({ app: 'dashboard' as const, ...stats })),
  ],
  missing: ['sync'],
  generatedAt: '2026-01-16T15:30:00.000Z',
};
