import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { checkLabelPatterns } from '../label-policy/label-pattern.js';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { CreateTeam } from './team.messages.js';
import { findTeamView } from './team-views.js';
import { Teams } from './teams.js';

@CommandHandler(CreateTeam)
export class CreateTeamHandler implements ICommandHandler<CreateTeam> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly teams: Teams,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: CreateTeam): Promise<ReplyOf<typeof subjects.createTeam>> {
    const administrator = await this.tenancy.administrator(context);
    checkLabelPatterns(body.labelPatterns, 'optional_label_patterns');
    const { teamId } = body;
    const origin = originOf(context, actorOf(administrator), { commandId: teamId });
    const position = await this.teams.create(
      {
        ...body,
        requiredLabels: [...new Set(body.requiredLabels)],
        runnerGroupIds: [...new Set(body.runnerGroupIds)],
        createdAt: new Date().toISOString(),
      },
      origin,
    );
    const team = await this.view.written(position, (em) => findTeamView(em, teamId));
    return { team, ...present('position', position?.toString()) };
  }
}
