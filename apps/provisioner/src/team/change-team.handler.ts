import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { checkLabelPatterns } from '../label-policy/label-pattern.js';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ChangeTeam } from './team.messages.js';
import { findTeamView } from './team-views.js';
import { Teams } from './teams.js';

@CommandHandler(ChangeTeam)
export class ChangeTeamHandler implements ICommandHandler<ChangeTeam> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly teams: Teams,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ChangeTeam): Promise<ReplyOf<typeof subjects.changeTeam>> {
    const administrator = await this.tenancy.administrator(context);
    checkLabelPatterns(body.labelPatterns ?? [], 'optional_label_patterns');
    const origin = originOf(context, actorOf(administrator));
    const change = {
      ...body,
      requiredLabels: body.requiredLabels && [...new Set(body.requiredLabels)],
      runnerGroupIds: body.runnerGroupIds && [...new Set(body.runnerGroupIds)],
      at: new Date().toISOString(),
    };
    const position = await this.teams.change(change, origin);
    const team = await this.view.written(position, (em) => findTeamView(em, body.teamId));
    return { team, ...present('position', position?.toString()) };
  }
}
