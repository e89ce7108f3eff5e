import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { GetAuditStats } from './get-audit-stats.query.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class StatsNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.auditStats.subject)
  stats(@Payload(asked(subjects.auditStats)) question: Asked<typeof subjects.auditStats>) {
    return this.queries.execute(new GetAuditStats(question));
  }
}
