export { caughtUpWith } from './caught-up-with.js';
export { readCheckpoint, saveCheckpoint } from './checkpoints.js';
export type { DatabaseSettings } from './database-url.js';
export { type FoldRows, foldRows } from './fold-rows.js';
export { insertNew } from './insert-new.js';
export type { ColumnTypes, MigrationDefinition } from './migrate.js';
export {
  type AnyEntity,
  type Database,
  type EntityManager,
  type OpenDatabase,
  openDatabase,
} from './open-database.js';
export type { ProjectionProgress } from './progress.js';
export type { Log, Projection } from './projection.js';
export { deleteRows, findRows, findRowsAfter, saveRows, toRows } from './rows.js';
export {
  type RunningProjections,
  type RunProjections,
  runProjections,
  type TroubleLog,
} from './run-projections.js';
