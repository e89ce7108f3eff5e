import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { RunnerTimeline } from './runner-timeline.query.js';
import { SearchAuditRecords } from './search-audit-records.query.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class AuditRecordNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.searchAuditRecords.subject)
  search(@Payload(asked(subjects.searchAuditRecords)) question: Asked<typeof subjects.searchAuditRecords>) {
    return this.queries.execute(new SearchAuditRecords(question));
  }

  @MessagePattern(subjects.runnerTimeline.subject)
  timeline(@Payload(asked(subjects.runnerTimeline)) question: Asked<typeof subjects.runnerTimeline>) {
    return this.queries.execute(new RunnerTimeline(question));
  }
}
