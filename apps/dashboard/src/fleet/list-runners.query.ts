import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { requirePrincipal } from '#libs/access';
import type { ReplyOf, subjects } from '#libs/contracts';
import type { Asked } from '#libs/messaging';
import { ENVIRONMENT_ISSUER, GITHUB_URL } from '../dashboard.tokens.js';
import { FleetView } from './fleet-view.js';
import { runnerViews } from './runner-views.js';
import { searchRunners } from './search-runners.js';

type Reply = ReplyOf<typeof subjects.listRunners>;

export class ListRunners extends Query<Reply> {
  constructor(readonly question: Asked<typeof subjects.listRunners>) {
    super();
  }
}

@QueryHandler(ListRunners)
export class ListRunnersHandler implements IQueryHandler<ListRunners> {
  constructor(
    private readonly fleet: FleetView,
    @Inject(ENVIRONMENT_ISSUER) private readonly environmentIssuer: string | undefined,
    @Inject(GITHUB_URL) private readonly githubUrl: string,
  ) {}

  async execute({ question: { body, context } }: ListRunners): Promise<Reply> {
    const { environmentIssuer, githubUrl } = this;
    const fresh = await this.fleet.caughtUpWith(context.knownPosition);
    return this.fleet.read(async (em) => {
      const principal = await requirePrincipal(em, context.caller, { environmentIssuer });
      const { rows, total } = await searchRunners(em, principal, body);
      return { runners: await runnerViews(em, rows, { githubUrl }), total, fresh };
    });
  }
}
