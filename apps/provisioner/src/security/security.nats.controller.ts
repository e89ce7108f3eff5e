import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { RecordAccessRefused } from './record-access-refused.handler.js';

@Controller()
@UseFilters(ProblemReplyFilter)
export class SecurityNatsController {
  constructor(private readonly commands: CommandBus) {}

  @MessagePattern(subjects.recordAccessRefused.subject)
  record(@Payload(asked(subjects.recordAccessRefused)) question: Asked<typeof subjects.recordAccessRefused>) {
    return this.commands.execute(new RecordAccessRefused(question));
  }
}
