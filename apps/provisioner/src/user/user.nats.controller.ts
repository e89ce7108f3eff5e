import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { ActivateUser, ChangeUser, CreateUser, DeactivateUser, GetUser, ListUsers } from './user.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class UserNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.createUser.subject)
  create(@Payload(asked(subjects.createUser)) question: Asked<typeof subjects.createUser>) {
    return this.commands.execute(new CreateUser(question));
  }

  @MessagePattern(subjects.changeUser.subject)
  change(@Payload(asked(subjects.changeUser)) question: Asked<typeof subjects.changeUser>) {
    return this.commands.execute(new ChangeUser(question));
  }

  @MessagePattern(subjects.deactivateUser.subject)
  deactivate(@Payload(asked(subjects.deactivateUser)) question: Asked<typeof subjects.deactivateUser>) {
    return this.commands.execute(new DeactivateUser(question));
  }

  @MessagePattern(subjects.activateUser.subject)
  activate(@Payload(asked(subjects.activateUser)) question: Asked<typeof subjects.activateUser>) {
    return this.commands.execute(new ActivateUser(question));
  }

  @MessagePattern(subjects.getUser.subject)
  get(@Payload(asked(subjects.getUser)) question: Asked<typeof subjects.getUser>) {
    return this.queries.execute(new GetUser(question));
  }

  @MessagePattern(subjects.listUsers.subject)
  list(@Payload(asked(subjects.listUsers)) question: Asked<typeof subjects.listUsers>) {
    return this.queries.execute(new ListUsers(question));
  }
}
