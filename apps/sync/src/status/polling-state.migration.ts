import type { MigrationDefinition } from '#libs/read-model';

export const pollingStateMigration: MigrationDefinition = {
  name: 'polling-state-1',
  up: ({ instant, json }) => [
    `create table polling_state (
      id text primary key,
      last_cycle ${json},
      next_run_at ${instant},
      unmanaged_total integer,
      unmanaged_runners ${json},
      github_rate_limit ${json}
    )`,
  ],
};
