import type { MigrationDefinition } from './migrate.js';

export const checkpointMigration: MigrationDefinition = {
  name: 'checkpoint-1',
  up: ({ instant }) => [
    `create table checkpoint (projection text primary key, position bigint not null, updated_at ${instant} not null)`,
  ],
};
