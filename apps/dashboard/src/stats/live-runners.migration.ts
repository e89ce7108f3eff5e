import type { MigrationDefinition } from '#libs/read-model';

/** For the counts by team: the runners that live, which are few beside those that have been. */
export const liveRunnersMigration: MigrationDefinition = {
  name: 'live-runners-1',
  up: () => ["create index runner_live on runner (team_id, status) where status <> 'deleted'"],
};
