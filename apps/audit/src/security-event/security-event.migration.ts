import type { MigrationDefinition } from '#libs/read-model';
import { recordColumns, recordIndexes } from '../record/record.columns.js';

export const securityEventMigration: MigrationDefinition = {
  name: 'security-event-1',
  up: ({ instant, json }) => [
    `create table security_event (
      ${recordColumns(instant)},
      severity text not null,
      violation_data ${json} not null,
      action_taken text
    )`,
    ...recordIndexes('security_event'),
  ],
};
