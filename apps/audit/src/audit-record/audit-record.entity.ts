import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor } from '#libs/contracts';

/**
 * One operation: who did what to what, and what came of it. People are ids here and get their e-mails when the
 * record is read, so that an e-mail is kept in one place only.
 */
export const AuditRecord = defineEntity({
  name: 'AuditRecord',
  tableName: 'audit_record',
  properties: {
    /** Of the event. */
    id: p.string().primary(),
    /** Log position of the event. */
    position: p.bigint('bigint'),
    eventType: p.string(),
    runnerId: p.string().nullable(),
    runnerName: p.string().nullable(),
    teamId: p.string().nullable(),
    /** User id of whoever provisioned the runner. */
    runnerOwnerId: p.string().nullable(),
    actorKind: p.string().$type<Actor['kind']>(),
    actorUserId: p.string().nullable(),
    actorIssuer: p.string().nullable(),
    actorSubject: p.string().nullable(),
    actorApp: p.string().nullable(),
    requestId: p.string(),
    requestIp: p.string().nullable(),
    userAgent: p.string().nullable(),
    /** The fact's data in snake_case, without e-mails and names of people. */
    eventData: p.json<Record<string, unknown>>(),
    success: p.boolean(),
    errorMessage: p.string().nullable(),
    /** When it was recorded in the log. */
    recordedAt: p.datetime(),
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
