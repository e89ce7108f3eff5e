import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ReactivateTeam } from './team.messages.js';
import { findTeamView } from './team-views.js';
import { Teams } from './teams.js';

@CommandHandler(ReactivateTeam)
export class ReactivateTeamHandler implements ICommandHandler<ReactivateTeam> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly teams: Teams,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ReactivateTeam): Promise<ReplyOf<typeof subjects.reactivateTeam>> {
    const { teamId } = body;
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const at = new Date().toISOString();
    const position = await this.teams.reactivate(teamId, at, origin);
    const team = await this.view.written(position, (em) => findTeamView(em, teamId));
    return { team, ...present('position', position?.toString()) };
  }
}
