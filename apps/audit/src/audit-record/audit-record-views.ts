import type { Member } from '#libs/access';
import type { AuditRecord } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { present, recordViews } from '../record/record-views.js';
import type { AuditRecordRow } from './audit-record.entity.js';

/** Rows as callers see them. */
export const auditRecordViews = async (
  em: EntityManager,
  rows: readonly AuditRecordRow[],
  viewer: Pick<Member, 'isAdmin' | 'userId'>,
): Promise<AuditRecord[]> => {
  const viewOf = await recordViews(em, rows, viewer);
  return rows.map((row) => ({
    ...viewOf(row),
    eventData: row.eventData,
    success: row.success,
    ...present('errorMessage', row.errorMessage),
  }));
};
