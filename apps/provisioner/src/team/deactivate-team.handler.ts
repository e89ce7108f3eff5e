import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { RunnerRemovals } from '../operation/runner-removals.js';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { DeactivateTeam } from './team.messages.js';
import { findTeamView } from './team-views.js';
import { Teams } from './teams.js';

@CommandHandler(DeactivateTeam)
export class DeactivateTeamHandler implements ICommandHandler<DeactivateTeam> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly teams: Teams,
    private readonly view: TenancyView,
    private readonly removals: RunnerRemovals,
  ) {}

  async execute({ body, context }: DeactivateTeam): Promise<ReplyOf<typeof subjects.deactivateTeam>> {
    const { teamId, reason, removeRunners } = body;
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const at = new Date().toISOString();
    const position = await this.teams.deactivate(teamId, reason, at, origin);
    const operationId = removeRunners ? await this.removals.ofTeam(teamId, reason, origin) : undefined;
    const team = await this.view.written(position, (em) => findTeamView(em, teamId));
    return { team, ...present('position', position?.toString()), ...present('operationId', operationId) };
  }
}
