import type { TimelineEntry } from '#libs/contracts';
import type { AuditRecordRow } from './audit-record.entity.js';
import { sentenceOf } from './sentence-of.js';

/**
 * What happened to a runner, oldest first. That a job was queued is told by the fact that it started; it is an entry
 * of its own, because waiting is what people look for.
 * @param records in the order of the log
 */
export const timelineOf = (
  records: readonly AuditRecordRow[],
  identityOf: (record: AuditRecordRow) => string,
): TimelineEntry[] =>
  records
    .flatMap((record) => [...queuedBefore(record), entryOf(record, identityOf(record))])
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

const entryOf = ({ eventType, recordedAt, eventData }: AuditRecordRow, actor: string): TimelineEntry => ({
  type: eventType,
  at: recordedAt.toISOString(),
  actor,
  summary: sentenceOf(eventType, eventData),
});

const queuedBefore = ({ eventType, recordedAt, eventData }: AuditRecordRow): TimelineEntry[] => {
  const { queued_at: queuedAt } = eventData;
  if (eventType !== 'job_started' || typeof queuedAt !== 'string') return [];
  const at = new Date(Math.min(Date.parse(queuedAt), recordedAt.getTime())).toISOString();
  return [{ type: 'job_queued', at, actor: 'github', summary: sentenceOf('job_queued', eventData) }];
};
