import type { MigrationDefinition } from '#libs/read-model';

export const requestedCycleMigration: MigrationDefinition = {
  name: 'requested-cycle-1',
  up: ({ instant, json }) => [
    `create table requested_cycle (
      id text primary key,
      event_id text not null,
      position bigint not null,
      requested_at ${instant} not null,
      actor ${json} not null,
      request_id text not null,
      request_ip text,
      user_agent text,
      ended_at ${instant},
      result ${json},
      failure ${json}
    )`,
    'create index requested_cycle_ended_at on requested_cycle (ended_at)',
  ],
};
