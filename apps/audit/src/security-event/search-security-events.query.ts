import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Member, visibleSecurityEvents } from '#libs/access';
import { administratorsOnly, type ReplyOf, type SecurityEventView, type subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';
import type { EntityManager } from '#libs/read-model';
import { AuditView } from '../audit-record/audit-view.js';
import { findRecords } from '../record/find-records.js';
import { present, recordViews } from '../record/record-views.js';
import { SecurityEvent, type SecurityEventRow } from './security-event.entity.js';

type Reply = ReplyOf<typeof subjects.searchSecurityEvents>;

export class SearchSecurityEvents extends AskedQuery<typeof subjects.searchSecurityEvents> {}

@QueryHandler(SearchSecurityEvents)
export class SearchSecurityEventsHandler implements IQueryHandler<SearchSecurityEvents> {
  constructor(private readonly view: AuditView) {}

  async execute({ body, context }: SearchSecurityEvents): Promise<Reply> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    return this.view.readFor(context.caller, async (em, principal) => {
      if (body.asAdministrator) administratorsOnly(principal);
      const { rows, total } = await findRecords<SecurityEventRow>(em, body, {
        entity: SecurityEvent,
        conditions: [visibleSecurityEvents(principal)],
        texts: ['runner_name', 'event_type'],
      });
      return { events: await securityEventViews(em, rows, principal), total, fresh };
    });
  }
}

const securityEventViews = async (
  em: EntityManager,
  rows: readonly SecurityEventRow[],
  viewer: Pick<Member, 'isAdmin' | 'userId'>,
): Promise<SecurityEventView[]> => {
  const viewOf = await recordViews(em, rows, viewer);
  return rows.map((row) => ({
    ...viewOf(row),
    severity: row.severity,
    violationData: row.violationData,
    ...present('actionTaken', row.actionTaken),
  }));
};
