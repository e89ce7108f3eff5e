import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { RecordUnmanaged } from './record-unmanaged.handler.js';

@Controller()
@UseFilters(ProblemReplyFilter)
export class UnmanagedRunnersNatsController {
  constructor(private readonly commands: CommandBus) {}

  @MessagePattern(subjects.recordUnmanaged.subject)
  record(@Payload(asked(subjects.recordUnmanaged)) question: Asked<typeof subjects.recordUnmanaged>) {
    return this.commands.execute(new RecordUnmanaged(question));
  }
}
