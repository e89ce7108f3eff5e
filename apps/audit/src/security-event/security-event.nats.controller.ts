import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { SearchSecurityEvents } from './search-security-events.query.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class SecurityEventNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.searchSecurityEvents.subject)
  search(
    @Payload(asked(subjects.searchSecurityEvents)) question: Asked<typeof subjects.searchSecurityEvents>,
  ) {
    return this.queries.execute(new SearchSecurityEvents(question));
  }
}
