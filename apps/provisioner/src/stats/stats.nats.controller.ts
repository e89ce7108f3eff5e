import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { GetProvisionerStats } from './get-provisioner-stats.query.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class StatsNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.provisionerStats.subject)
  stats(@Payload(asked(subjects.provisionerStats)) question: Asked<typeof subjects.provisionerStats>) {
    return this.queries.execute(new GetProvisionerStats(question));
  }
}
