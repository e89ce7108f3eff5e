import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { GetRunner } from './get-runner.query.js';
import { ListRunners } from './list-runners.query.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class FleetNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.listRunners.subject)
  list(@Payload(asked(subjects.listRunners)) question: Asked<typeof subjects.listRunners>) {
    return this.queries.execute(new ListRunners(question));
  }

  @MessagePattern(subjects.getRunner.subject)
  get(@Payload(asked(subjects.getRunner)) question: Asked<typeof subjects.getRunner>) {
    return this.queries.execute(new GetRunner(question));
  }
}
