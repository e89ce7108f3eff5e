import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { GetSyncStatus, TriggerSync } from './sync.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class SyncNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.syncStatus.subject)
  status(@Payload(asked(subjects.syncStatus)) question: Asked<typeof subjects.syncStatus>) {
    return this.queries.execute(new GetSyncStatus(question));
  }

  @MessagePattern(subjects.triggerSync.subject)
  trigger(@Payload(asked(subjects.triggerSync)) question: Asked<typeof subjects.triggerSync>) {
    return this.commands.execute(new TriggerSync(question));
  }
}
