import { z } from 'zod';
import { instant, type SearchAuditRecords, searchAuditRecordsSchema, uuid } from '#libs/contracts';

import { searchText } from '../http/search-text.js';

/** The query of `GET /audit-logs`. */
export const searchAuditRecordsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
  before: searchAuditRecordsSchema.shape.before,
  event_type: searchText.optional(),
  user_identity: searchText.optional(),
  team: searchText.optional(),
  runner_id: uuid.optional(),
  since: instant.optional(),
  until: instant.optional(),
  q: searchText.optional(),
});
export type SearchAuditRecordsQuery = z.infer<typeof searchAuditRecordsQuerySchema>;

export const searchAuditRecordsFrom = ({
  event_type: eventType,
  user_identity: userIdentity,
  runner_id: runnerId,
  ...rest
}: SearchAuditRecordsQuery): SearchAuditRecords =>
  searchAuditRecordsSchema.parse({ ...rest, eventType, userIdentity, runnerId });
