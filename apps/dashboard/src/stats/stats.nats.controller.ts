import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { GetDashboardStats } from './get-dashboard-stats.query.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class StatsNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.dashboardStats.subject)
  stats(@Payload(asked(subjects.dashboardStats)) question: Asked<typeof subjects.dashboardStats>) {
    return this.queries.execute(new GetDashboardStats(question));
  }
}
