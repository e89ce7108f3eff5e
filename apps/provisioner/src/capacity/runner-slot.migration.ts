import type { MigrationDefinition } from '#libs/read-model';

export const runnerSlotMigration: MigrationDefinition = {
  name: 'runner-slot-1',
  up: ({ instant, flag }) => [
    `create table runner_slot (
      runner_id text primary key,
      holder_kind text not null,
      holder_id text not null,
      provisioned_by text,
      is_held ${flag} not null,
      is_live ${flag} not null,
      changed_at ${instant} not null
    )`,
    'create index runner_slot_provisioned_by on runner_slot (provisioned_by)',
    'create index runner_slot_holder on runner_slot (holder_kind, holder_id)',
  ],
};
