import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { sortBy } from '../page.js';
import { severity } from '../security/security.events.js';

export const auditRecordSchema = z.object({
  id: z.string(),
  position: z.string(),
  eventType: z.string(),
  runnerId: uuid.optional(),
  runnerName: z.string().optional(),
  teamId: uuid.optional(),
  teamName: z.string().optional(),
  /** E-mail, else `issuer|subject`, else the app that acted. */
  userIdentity: z.string(),
  oidcIssuer: z.string().optional(),
  oidcSub: z.string().optional(),
  requestId: z.string(),
  requestIp: z.string().optional(),
  userAgent: z.string().optional(),
  eventData: z.record(z.string(), z.unknown()),
  success: z.boolean(),
  errorMessage: z.string().optional(),
  timestamp: instant,
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** Of audit records and of security events. */
export const recordSortFields = ['timestamp', 'position'] as const;

export const searchAuditRecordsSchema = z.object({
  sort: sortBy(recordSortFields).default('-timestamp'),
  limit: z.number().int().min(1).max(1000).default(50),
  offset: z.number().int().min(0).default(0),
  /** Only records before this log position; stays right while new ones arrive. */
  before: z.string().regex(/^\d+$/, 'must be a log position: decimal digits').optional(),
  eventType: z.string().optional(),
  userIdentity: z.string().optional(),
  /** Id or name. */
  team: z.string().optional(),
  runnerId: uuid.optional(),
  /** Only records that are security events as well, of this severity. */
  severity: severity.optional(),
  since: instant.optional(),
  until: instant.optional(),
  /** Found in the runner's name, the event type or the error message. */
  q: z.string().optional(),
});
export type SearchAuditRecords = z.infer<typeof searchAuditRecordsSchema>;

export const auditRecordListSchema = z.object({
  logs: z.array(auditRecordSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});

export const timelineEntrySchema = z.object({
  type: z.string(),
  at: instant,
  /** E-mail, `issuer|subject`, or `github`, `sync`, … */
  actor: z.string(),
  /** One sentence for people. */
  summary: z.string(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** Asked only for a runner the caller has just been shown: visibility was decided there. */
export const runnerTimelineSchema = z.object({ runnerId: uuid });
export const timelineSchema = z.object({ timeline: z.array(timelineEntrySchema) });
