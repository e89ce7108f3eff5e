import { z } from 'zod';
import { instant, searchAuditRecordsSchema, severity, uuid } from '#libs/contracts';
import { pageQuery } from '../http/page.request.js';
import { searchText } from '../http/search-text.js';

/** The query of everything that searches audit records or security events of one team. */
export const searchTeamRecordsQuerySchema = z.strictObject({
  ...pageQuery,
  sort: searchAuditRecordsSchema.shape.sort,
  before: searchAuditRecordsSchema.shape.before.describe('Only what is before this log position'),
  event_type: searchText.optional(),
  user_identity: searchText.optional(),
  runner_id: uuid.optional(),
  severity: severity.optional(),
  since: instant.optional(),
  until: instant.optional(),
  q: searchText.optional(),
});
export type SearchTeamRecordsQuery = z.infer<typeof searchTeamRecordsQuerySchema>;

/** The query of everything that searches audit records or security events. */
export const searchRecordsQuerySchema = searchTeamRecordsQuerySchema.extend({
  team: searchText.optional().describe('Id or name'),
});
export type SearchRecordsQuery = z.infer<typeof searchRecordsQuerySchema>;
