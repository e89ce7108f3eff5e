import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { administratorsOnly, type ReplyOf, type subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';
import { AuditView } from '../audit-record/audit-view.js';
import { countRecords } from './count-records.js';

type Reply = ReplyOf<typeof subjects.auditStats>;

export class GetAuditStats extends AskedQuery<typeof subjects.auditStats> {}

@QueryHandler(GetAuditStats)
export class GetAuditStatsHandler implements IQueryHandler<GetAuditStats> {
  constructor(private readonly view: AuditView) {}

  /** @throws Problem `admin-required` */
  async execute({ context }: GetAuditStats): Promise<Reply> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    return this.view.readFor(context.caller, async (em, principal) => {
      administratorsOnly(principal);
      const counts = await countRecords(em, new Date());
      return { ...counts, projections: this.view.projectionStats(), fresh };
    });
  }
}
