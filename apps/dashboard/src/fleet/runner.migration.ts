import type { MigrationDefinition } from '#libs/read-model';

export const runnerMigration: MigrationDefinition = {
  name: 'fleet-1',
  up: ({ instant, json, flag }) => [
    `create table runner (
      id text primary key,
      name text not null,
      name_key text not null,
      state text not null,
      state_before text,
      status text not null,
      github_runner_id bigint,
      runner_group_id bigint not null,
      labels text not null,
      ephemeral ${flag} not null,
      provisioning_method text not null,
      provisioned_by text not null,
      team_id text,
      organization text not null,
      created_at ${instant} not null,
      updated_at ${instant} not null,
      registered_at ${instant},
      last_seen_at ${instant},
      deleted_at ${instant},
      deletion_reason text,
      current_job ${json},
      created_position bigint not null,
      position bigint not null
    )`,
    'create index runner_name_key on runner (name_key, created_position)',
    'create index runner_created_at on runner (created_at, created_position)',
    'create index runner_status on runner (status, created_position)',
    'create index runner_team_id on runner (team_id, created_position)',
    'create index runner_provisioned_by on runner (provisioned_by, created_position)',
  ],
};
