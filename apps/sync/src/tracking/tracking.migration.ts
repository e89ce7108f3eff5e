import type { MigrationDefinition } from '#libs/read-model';

export const trackingMigration: MigrationDefinition = {
  name: 'tracking-1',
  up: ({ instant, json }) => [
    `create table tracked_runner (
      id text primary key,
      name text,
      name_key text,
      github_runner_id bigint,
      team_id text,
      state text not null,
      state_since ${instant} not null,
      state_before text,
      expires_at ${instant},
      name_held_since ${instant},
      slot_held_since ${instant},
      position bigint not null
    )`,
    'create index tracked_runner_name_key on tracked_runner (name_key)',
    'create index tracked_runner_github_runner_id on tracked_runner (github_runner_id)',
    'create index tracked_runner_state on tracked_runner (state, state_since)',
    `create table job_report (
      id text primary key,
      position bigint not null,
      runner_id text not null,
      job_id bigint not null,
      request ${json} not null,
      correlation_id text not null,
      delivered_at ${instant} not null
    )`,
    'create index job_report_position on job_report (position)',
    'create index job_report_job_id on job_report (job_id)',
  ],
};

/** What is known from here on is not in the rows that are there: they are made anew from the log. */
export const trackingLabelsMigration: MigrationDefinition = {
  name: 'tracking-2',
  up: ({ instant, json }) => [
    `alter table tracked_runner add column labels ${json}`,
    `alter table tracked_runner add column drifted_to ${json}`,
    'alter table tracked_runner add column cancelling_job_id bigint',
    `alter table tracked_runner add column cancelling_since ${instant}`,
    'delete from tracked_runner',
    'delete from job_report',
    "delete from checkpoint where projection = 'tracking'",
  ],
};

/** Tokens are good for an hour: those that were handed out before need not be known. */
export const trackingTokensMigration: MigrationDefinition = {
  name: 'tracking-3',
  up: ({ instant }) => [`alter table tracked_runner add column token_expires_at ${instant}`],
};
