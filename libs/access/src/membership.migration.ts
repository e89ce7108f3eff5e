import type { MigrationDefinition } from '#libs/read-model';

export const membershipMigration: MigrationDefinition = {
  name: 'membership-1',
  up: ({ instant, json, flag }) => [
    `create table user_account (
      id text primary key,
      email text,
      email_key text,
      display_name text,
      is_admin ${flag} not null,
      can_use_jit ${flag} not null,
      can_use_registration_token ${flag} not null,
      is_active ${flag} not null,
      created_at ${instant} not null,
      position bigint not null
    )`,
    'create index user_account_email_key on user_account (email_key)',
    'create table identity (issuer text not null, subject text not null, user_id text not null, primary key (issuer, subject))',
    'create index identity_user_id on identity (user_id)',
    `create table team (
      id text primary key,
      name text not null,
      description text,
      required_labels ${json} not null,
      label_patterns ${json} not null,
      runner_group_ids ${json} not null,
      max_runners integer,
      is_active ${flag} not null,
      created_at ${instant} not null,
      position bigint not null
    )`,
    'create index team_name on team (name)',
    `create table team_member (team_id text not null, user_id text not null, added_at ${instant} not null, primary key (team_id, user_id))`,
    'create index team_member_user_id on team_member (user_id)',
  ],
};
