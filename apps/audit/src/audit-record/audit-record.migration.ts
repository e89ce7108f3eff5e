import type { MigrationDefinition } from '#libs/read-model';
import { recordColumns, recordIndexes } from '../record/record.columns.js';

/** The rows are made anew from the log: what an earlier version of them held is dropped, the checkpoint with it. */
export const auditRecordMigration: MigrationDefinition = {
  name: 'audit-2',
  up: ({ instant, json, flag }) => [
    ...['audit_record', 'audited_runner'].map((table) => `drop table if exists ${table}`),
    "delete from checkpoint where projection = 'audit-records'",
    `create table audit_record (
      ${recordColumns(instant)},
      runner_owner_id text,
      event_data ${json} not null,
      success ${flag} not null,
      error_message text,
      severity text
    )`,
    ...recordIndexes('audit_record'),
    'create index audit_record_runner_owner_id on audit_record (runner_owner_id, position)',
    'create table audited_runner (id text primary key, name text not null, team_id text, provisioned_by text not null)',
  ],
};
