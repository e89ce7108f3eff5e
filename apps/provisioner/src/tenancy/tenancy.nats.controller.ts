import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { DescribeCaller, OwnLabelPolicies } from './tenancy.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class TenancyNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.describeCaller.subject)
  describe(@Payload(asked(subjects.describeCaller)) question: Asked<typeof subjects.describeCaller>) {
    return this.queries.execute(new DescribeCaller(question));
  }

  @MessagePattern(subjects.ownLabelPolicies.subject)
  ownLabelPolicies(
    @Payload(asked(subjects.ownLabelPolicies)) question: Asked<typeof subjects.ownLabelPolicies>,
  ) {
    return this.queries.execute(new OwnLabelPolicies(question));
  }
}
