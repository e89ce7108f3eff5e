import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { GetSyncStats } from './get-sync-stats.query.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class StatsNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.syncStats.subject)
  stats(@Payload(asked(subjects.syncStats)) question: Asked<typeof subjects.syncStats>) {
    return this.queries.execute(new GetSyncStats(question));
  }
}
