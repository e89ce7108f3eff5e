import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { visibleRecords } from '#libs/access';
import type { ReplyOf, subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';
import { findRecords } from '../record/find-records.js';
import { AuditRecord, type AuditRecordRow } from './audit-record.entity.js';
import { auditRecordViews } from './audit-record-views.js';
import { AuditView } from './audit-view.js';

type Reply = ReplyOf<typeof subjects.searchAuditRecords>;

export class SearchAuditRecords extends AskedQuery<typeof subjects.searchAuditRecords> {}

@QueryHandler(SearchAuditRecords)
export class SearchAuditRecordsHandler implements IQueryHandler<SearchAuditRecords> {
  constructor(private readonly view: AuditView) {}

  async execute({ body, context }: SearchAuditRecords): Promise<Reply> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    return this.view.readFor(context.caller, async (em, principal) => {
      const { rows, total } = await findRecords<AuditRecordRow>(em, body, {
        entity: AuditRecord,
        conditions: [visibleRecords(principal)],
        texts: ['runner_name', 'event_type', 'error_message'],
      });
      return { logs: await auditRecordViews(em, rows, principal), total, fresh };
    });
  }
}
