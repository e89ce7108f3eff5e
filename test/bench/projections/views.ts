import { membershipEntities, membershipMigration, membershipProjection } from '#libs/access';
import type { OpenDatabase, Projection } from '#libs/read-model';
import { AuditedRunner, AuditRecord } from '../../../apps/audit/src/audit-record/audit-record.entity.js';
import { auditRecordMigration } from '../../../apps/audit/src/audit-record/audit-record.migration.js';
import { auditRecordProjection } from '../../../apps/audit/src/audit-record/audit-record.projection.js';
import { fleetProjection } from '../../../apps/dashboard/src/fleet/fleet.projection.js';
import { Runner } from '../../../apps/dashboard/src/fleet/runner.entity.js';
import { runnerMigration } from '../../../apps/dashboard/src/fleet/runner.migration.js';
import { syncEntities, syncMigrations } from '../../../apps/sync/src/sync.tables.js';
import { trackingProjection } from '../../../apps/sync/src/tracking/tracking.projection.js';

/** A view as its app sets it up: what it follows, and where its rows are. */
export type View = Pick<OpenDatabase, 'entities' | 'migrations'> & {
  app: string;
  projections: readonly Projection[];
  /** The table most of its rows are in. */
  table: string;
};

export const views = {
  audit: {
    app: 'audit',
    entities: [...membershipEntities, AuditRecord, AuditedRunner],
    migrations: [membershipMigration, auditRecordMigration],
    projections: [auditRecordProjection, membershipProjection],
    table: 'audit_record',
  },
  fleet: {
    app: 'dashboard',
    entities: [...membershipEntities, Runner],
    migrations: [membershipMigration, runnerMigration],
    projections: [fleetProjection, membershipProjection],
    table: 'runner',
  },
  tracking: {
    app: 'sync',
    entities: syncEntities,
    migrations: syncMigrations,
    projections: [trackingProjection],
    table: 'tracked_runner',
  },
} as const satisfies Record<string, View>;

export type ViewName = keyof typeof views;
