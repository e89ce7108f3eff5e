import { z } from 'zod';
import { recordSortFields } from '../audit/audit-record.queries.js';
import { instant, uuid } from '../message.js';
import { asAdministrator, sortBy } from '../page.js';
import { severity } from './security.events.js';

export const securityEventViewSchema = z.object({
  id: z.string(),
  position: z.string(),
  eventType: z.string(),
  severity,
  runnerId: uuid.optional(),
  runnerName: z.string().optional(),
  teamId: uuid.optional(),
  teamName: z.string().optional(),
  userIdentity: z.string(),
  oidcIssuer: z.string().optional(),
  oidcSub: z.string().optional(),
  requestId: z.string(),
  requestIp: z.string().optional(),
  userAgent: z.string().optional(),
  violationData: z.record(z.string(), z.unknown()),
  actionTaken: z.string().optional(),
  timestamp: instant,
});
export type SecurityEventView = z.infer<typeof securityEventViewSchema>;

export const searchSecurityEventsSchema = z.object({
  sort: sortBy(recordSortFields).default('-timestamp'),
  limit: z.number().int().min(1).max(1000).default(50),
  offset: z.number().int().min(0).default(0),
  /** Only events before this log position; stays right while new ones arrive. */
  before: z.string().regex(/^\d+$/, 'must be a log position: decimal digits').optional(),
  eventType: z.string().optional(),
  severity: severity.optional(),
  userIdentity: z.string().optional(),
  /** Id or name. */
  team: z.string().optional(),
  runnerId: uuid.optional(),
  since: instant.optional(),
  until: instant.optional(),
  q: z.string().optional(),
  asAdministrator,
});
export type SearchSecurityEvents = z.infer<typeof searchSecurityEventsSchema>;

export const securityEventListSchema = z.object({
  events: z.array(securityEventViewSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});
