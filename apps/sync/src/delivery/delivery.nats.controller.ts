import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { RecordDelivery } from './record-delivery.handler.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class DeliveryNatsController {
  constructor(private readonly commands: CommandBus) {}

  @MessagePattern(subjects.recordDelivery.subject)
  record(@Payload(asked(subjects.recordDelivery)) question: Asked<typeof subjects.recordDelivery>) {
    return this.commands.execute(new RecordDelivery(question));
  }
}
