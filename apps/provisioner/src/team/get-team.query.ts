import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { checkSeesTeam, unknownTeam, whoAsks } from './see-team.js';
import { GetTeam } from './team.messages.js';
import { findTeamView } from './team-views.js';

@QueryHandler(GetTeam)
export class GetTeamHandler implements IQueryHandler<GetTeam> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: GetTeam): Promise<ReplyOf<typeof subjects.getTeam>> {
    const { teamId, asAdministrator } = body;
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    checkSeesTeam(await whoAsks(this.tenancy, context, asAdministrator), teamId);
    const team = await this.view.read((em) => findTeamView(em, teamId));
    if (team === undefined) throw unknownTeam();
    return { team, fresh };
  }
}
