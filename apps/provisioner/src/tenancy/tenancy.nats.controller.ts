import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { DescribeCaller } from './describe-caller.handler.js';

@Controller()
@UseFilters(ProblemReplyFilter)
export class TenancyNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.describeCaller.subject)
  describe(@Payload(asked(subjects.describeCaller)) { context }: Asked<typeof subjects.describeCaller>) {
    return this.queries.execute(new DescribeCaller(context));
  }
}
