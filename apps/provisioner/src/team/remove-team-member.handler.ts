import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { RemoveTeamMember } from './team.messages.js';
import { Teams } from './teams.js';

@CommandHandler(RemoveTeamMember)
export class RemoveTeamMemberHandler implements ICommandHandler<RemoveTeamMember> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly teams: Teams,
  ) {}

  async execute({ body, context }: RemoveTeamMember): Promise<ReplyOf<typeof subjects.removeTeamMember>> {
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const at = new Date().toISOString();
    const { events, position } = await this.teams.handle({ type: 'RemoveMember', ...body, at }, origin);
    return { recorded: events.length, ...present('position', position?.toString()) };
  }
}
