import type { MigrationDefinition } from '#libs/read-model';

export const auditRecordMigration: MigrationDefinition = {
  name: 'audit-1',
  up: ({ instant, json, flag }) => [
    `create table audit_record (
      id text primary key,
      position bigint not null,
      event_type text not null,
      runner_id text,
      runner_name text,
      team_id text,
      runner_owner_id text,
      actor_kind text not null,
      actor_user_id text,
      actor_issuer text,
      actor_subject text,
      actor_app text,
      request_id text not null,
      request_ip text,
      user_agent text,
      event_data ${json} not null,
      success ${flag} not null,
      error_message text,
      recorded_at ${instant} not null
    )`,
    'create index audit_record_position on audit_record (position)',
    'create index audit_record_runner_id on audit_record (runner_id, position)',
    'create index audit_record_team_id on audit_record (team_id, position)',
    'create index audit_record_event_type on audit_record (event_type, position)',
    'create index audit_record_actor_user_id on audit_record (actor_user_id, position)',
    'create index audit_record_runner_owner_id on audit_record (runner_owner_id, position)',
    'create table audited_runner (id text primary key, name text not null, team_id text, provisioned_by text not null)',
  ],
};
