import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { recordProperties } from '../record/record.columns.js';

/** One operation: who did what to what, and what came of it. */
export const AuditRecord = defineEntity({
  name: 'AuditRecord',
  tableName: 'audit_record',
  properties: {
    ...recordProperties,
    /** User id of whoever provisioned the runner. */
    runnerOwnerId: p.string().nullable(),
    /** The fact's data in snake_case, without e-mails and names of people. */
    eventData: p.json<Record<string, unknown>>(),
    success: p.boolean(),
    errorMessage: p.string().nullable(),
    /** Of what is a security event as well. */
    severity: p.string().nullable(),
  },
});
export type AuditRecordRow = InferEntity<typeof AuditRecord>;

/** What later facts about a runner do not say again. */
export const AuditedRunner = defineEntity({
  name: 'AuditedRunner',
  tableName: 'audited_runner',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    teamId: p.string().nullable(),
    /** User id. */
    provisionedBy: p.string(),
  },
});
export type AuditedRunnerRow = InferEntity<typeof AuditedRunner>;
