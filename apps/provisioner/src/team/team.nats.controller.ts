import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import {
  AddTeamMember,
  ChangeTeam,
  CreateTeam,
  DeactivateTeam,
  GetTeam,
  ListTeamMembers,
  ListTeams,
  ReactivateTeam,
  RemoveTeamMember,
} from './team.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class TeamNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.createTeam.subject)
  create(@Payload(asked(subjects.createTeam)) question: Asked<typeof subjects.createTeam>) {
    return this.commands.execute(new CreateTeam(question));
  }

  @MessagePattern(subjects.changeTeam.subject)
  change(@Payload(asked(subjects.changeTeam)) question: Asked<typeof subjects.changeTeam>) {
    return this.commands.execute(new ChangeTeam(question));
  }

  @MessagePattern(subjects.deactivateTeam.subject)
  deactivate(@Payload(asked(subjects.deactivateTeam)) question: Asked<typeof subjects.deactivateTeam>) {
    return this.commands.execute(new DeactivateTeam(question));
  }

  @MessagePattern(subjects.reactivateTeam.subject)
  reactivate(@Payload(asked(subjects.reactivateTeam)) question: Asked<typeof subjects.reactivateTeam>) {
    return this.commands.execute(new ReactivateTeam(question));
  }

  @MessagePattern(subjects.addTeamMember.subject)
  addMember(@Payload(asked(subjects.addTeamMember)) question: Asked<typeof subjects.addTeamMember>) {
    return this.commands.execute(new AddTeamMember(question));
  }

  @MessagePattern(subjects.removeTeamMember.subject)
  removeMember(@Payload(asked(subjects.removeTeamMember)) question: Asked<typeof subjects.removeTeamMember>) {
    return this.commands.execute(new RemoveTeamMember(question));
  }

  @MessagePattern(subjects.getTeam.subject)
  get(@Payload(asked(subjects.getTeam)) question: Asked<typeof subjects.getTeam>) {
    return this.queries.execute(new GetTeam(question));
  }

  @MessagePattern(subjects.listTeams.subject)
  list(@Payload(asked(subjects.listTeams)) question: Asked<typeof subjects.listTeams>) {
    return this.queries.execute(new ListTeams(question));
  }

  @MessagePattern(subjects.listTeamMembers.subject)
  listMembers(@Payload(asked(subjects.listTeamMembers)) question: Asked<typeof subjects.listTeamMembers>) {
    return this.queries.execute(new ListTeamMembers(question));
  }
}
