import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import type { Asked } from '#libs/messaging';
import { auditRecordViews } from './audit-record-views.js';
import { AuditView } from './audit-view.js';
import { findAuditRecords } from './find-audit-records.js';

type Reply = ReplyOf<typeof subjects.searchAuditRecords>;

export class SearchAuditRecords extends Query<Reply> {
  constructor(readonly question: Asked<typeof subjects.searchAuditRecords>) {
    super();
  }
}

@QueryHandler(SearchAuditRecords)
export class SearchAuditRecordsHandler implements IQueryHandler<SearchAuditRecords> {
  constructor(private readonly view: AuditView) {}

  async execute({ question: { body, context } }: SearchAuditRecords): Promise<Reply> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    return this.view.readFor(context.caller, async (em, principal) => {
      const { rows, total } = await findAuditRecords(em, principal, body);
      return { logs: await auditRecordViews(em, rows), total, fresh };
    });
  }
}
