import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';
import { GITHUB_URL } from '../dashboard.tokens.js';
import { FleetView } from './fleet-view.js';
import { runnerViews } from './runner-views.js';
import { searchRunners } from './search-runners.js';

type Reply = ReplyOf<typeof subjects.listRunners>;

export class ListRunners extends AskedQuery<typeof subjects.listRunners> {}

@QueryHandler(ListRunners)
export class ListRunnersHandler implements IQueryHandler<ListRunners> {
  constructor(
    private readonly fleet: FleetView,
    @Inject(GITHUB_URL) private readonly githubUrl: string,
  ) {}

  async execute({ body, context }: ListRunners): Promise<Reply> {
    const { githubUrl } = this;
    const fresh = await this.fleet.caughtUpWith(context.knownPosition);
    return this.fleet.readFor(context.caller, async (em, principal) => {
      const { rows, total } = await searchRunners(em, principal, body);
      return { runners: await runnerViews(em, rows, { githubUrl }), total, fresh };
    });
  }
}
