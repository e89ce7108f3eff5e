import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import {
  ChangeMachineClient,
  GetMachineClient,
  ListMachineClients,
  RegisterMachineClient,
  RemoveMachineClient,
} from './machine-client.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class MachineClientNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.registerMachineClient.subject)
  register(
    @Payload(asked(subjects.registerMachineClient)) question: Asked<typeof subjects.registerMachineClient>,
  ) {
    return this.commands.execute(new RegisterMachineClient(question));
  }

  @MessagePattern(subjects.changeMachineClient.subject)
  change(@Payload(asked(subjects.changeMachineClient)) question: Asked<typeof subjects.changeMachineClient>) {
    return this.commands.execute(new ChangeMachineClient(question));
  }

  @MessagePattern(subjects.removeMachineClient.subject)
  remove(@Payload(asked(subjects.removeMachineClient)) question: Asked<typeof subjects.removeMachineClient>) {
    return this.commands.execute(new RemoveMachineClient(question));
  }

  @MessagePattern(subjects.getMachineClient.subject)
  get(@Payload(asked(subjects.getMachineClient)) question: Asked<typeof subjects.getMachineClient>) {
    return this.queries.execute(new GetMachineClient(question));
  }

  @MessagePattern(subjects.listMachineClients.subject)
  list(@Payload(asked(subjects.listMachineClients)) question: Asked<typeof subjects.listMachineClients>) {
    return this.queries.execute(new ListMachineClients(question));
  }
}
