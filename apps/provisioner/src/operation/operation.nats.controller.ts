import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { GetOperation, RunBatch } from './operation.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class OperationNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.runBatch.subject)
  run(@Payload(asked(subjects.runBatch)) question: Asked<typeof subjects.runBatch>) {
    return this.commands.execute(new RunBatch(question));
  }

  @MessagePattern(subjects.getOperation.subject)
  get(@Payload(asked(subjects.getOperation)) question: Asked<typeof subjects.getOperation>) {
    return this.queries.execute(new GetOperation(question));
  }
}
