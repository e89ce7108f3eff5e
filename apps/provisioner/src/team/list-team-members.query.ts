import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Team } from '#libs/access';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { checkSeesTeam, unknownTeam, whoAsks } from './see-team.js';
import { ListTeamMembers } from './team.messages.js';
import { listMembers } from './team-members.js';

@QueryHandler(ListTeamMembers)
export class ListTeamMembersHandler implements IQueryHandler<ListTeamMembers> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ListTeamMembers): Promise<ReplyOf<typeof subjects.listTeamMembers>> {
    const { teamId, asAdministrator } = body;
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    checkSeesTeam(await whoAsks(this.tenancy, context, asAdministrator), teamId);
    return this.view.read(async (em) => {
      if ((await em.count(Team, { id: teamId })) === 0) throw unknownTeam();
      return { ...(await listMembers(em, body)), fresh };
    });
  }
}
