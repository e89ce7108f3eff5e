import { RequestedCycle } from './cycles/requested-cycle.entity.js';
import { requestedCycleMigration } from './cycles/requested-cycle.migration.js';
import { ledgerEntities, ledgerMigration } from './ledger/ledger.migration.js';
import { PollingStateEntity } from './status/polling-state.entity.js';
import { pollingStateMigration } from './status/polling-state.migration.js';
import {
  trackingLabelsMigration,
  trackingMigration,
  trackingTokensMigration,
} from './tracking/tracking.migration.js';
import { trackingEntities } from './tracking/tracking.projection.js';

/** All of sync's own tables. */
export const syncEntities = [
  ...trackingEntities,
  RequestedCycle,
  PollingStateEntity,
  ...ledgerEntities,
] as const;

/** In the order in which they came to be. */
export const syncMigrations = [
  trackingMigration,
  trackingLabelsMigration,
  trackingTokensMigration,
  requestedCycleMigration,
  pollingStateMigration,
  ledgerMigration,
] as const;
