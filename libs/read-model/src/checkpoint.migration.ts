import type { MigrationDefinition } from './migrate.js';

export const checkpointMigration: MigrationDefinition = {
  name: 'checkpoint-1',
  up: ({ instant }) => [
    `create table checkpoint (projection text primary key, position bigint not null, updated_at ${instant} not null)`,
  ],
};

export const checkpointFactMigration: MigrationDefinition = {
  name: 'checkpoint-2',
  up: () => [
    'alter table checkpoint add column fact_position bigint null',
    'alter table checkpoint add column fact_id text null',
  ],
};
