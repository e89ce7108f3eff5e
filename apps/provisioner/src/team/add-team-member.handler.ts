import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { Users } from '../user/users.js';
import { AddTeamMember } from './team.messages.js';
import { findMember } from './team-members.js';
import { Teams } from './teams.js';

@CommandHandler(AddTeamMember)
export class AddTeamMemberHandler implements ICommandHandler<AddTeamMember> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly users: Users,
    private readonly teams: Teams,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: AddTeamMember): Promise<ReplyOf<typeof subjects.addTeamMember>> {
    const { teamId, userId } = body;
    const administrator = await this.tenancy.administrator(context);
    await this.teams.known(teamId);
    await this.users.known(userId);
    const origin = originOf(context, actorOf(administrator));
    const at = new Date().toISOString();
    const { position } = await this.teams.handle({ type: 'AddMember', teamId, userId, at }, origin);
    const member = await this.view.written(position, (em) => findMember(em, teamId, userId));
    return { member, ...present('position', position?.toString()) };
  }
}
