import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { searchTeams } from './search-teams.js';
import { whoAsks } from './see-team.js';
import { ListTeams } from './team.messages.js';
import { teamViews } from './team-views.js';

@QueryHandler(ListTeams)
export class ListTeamsHandler implements IQueryHandler<ListTeams> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ListTeams): Promise<ReplyOf<typeof subjects.listTeams>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    const principal = await whoAsks(this.tenancy, context, body.asAdministrator);
    return this.view.read(async (em) => {
      const { rows, total } = await searchTeams(em, principal, body);
      return { teams: await teamViews(em, rows), total, fresh };
    });
  }
}
