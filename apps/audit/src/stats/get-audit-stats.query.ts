import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import type { Asked } from '#libs/messaging';
import { AuditView } from '../audit-record/audit-view.js';
import { countRecords } from './count-records.js';

type Reply = ReplyOf<typeof subjects.auditStats>;

export class GetAuditStats extends Query<Reply> {
  constructor(readonly question: Asked<typeof subjects.auditStats>) {
    super();
  }
}

@QueryHandler(GetAuditStats)
export class GetAuditStatsHandler implements IQueryHandler<GetAuditStats> {
  constructor(private readonly view: AuditView) {}

  /** @throws Problem `admin-required` */
  async execute({ question: { context } }: GetAuditStats): Promise<Reply> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    return this.view.readFor(context.caller, async (em, { isAdmin }) => {
      if (!isAdmin) {
        throw new Problem('admin-required', 'Only an administrator of this service may see its figures.');
      }
      const counts = await countRecords(em, new Date());
      return { ...counts, projections: this.view.projectionStats(), fresh };
    });
  }
}
