import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Principal, visibleRunners } from '#libs/access';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';
import type { EntityManager } from '#libs/read-model';
import { GITHUB_URL } from '../dashboard.tokens.js';
import { FleetView } from './fleet-view.js';
import { Runner, type RunnerRow } from './runner.entity.js';
import { runnerViews } from './runner-views.js';

type Reply = ReplyOf<typeof subjects.getRunner>;

export class GetRunner extends AskedQuery<typeof subjects.getRunner> {}

@QueryHandler(GetRunner)
export class GetRunnerHandler implements IQueryHandler<GetRunner> {
  constructor(
    private readonly fleet: FleetView,
    @Inject(GITHUB_URL) private readonly githubUrl: string,
  ) {}

  async execute({ body, context }: GetRunner): Promise<Reply> {
    const { githubUrl } = this;
    const fresh = await this.fleet.caughtUpWith(context.knownPosition);
    return this.fleet.readFor(context.caller, async (em, principal) => {
      const row = await findVisibleRunner(em, principal, body.runner);
      const [runner] = row ? await runnerViews(em, [row], { githubUrl }) : [];
      if (!runner) throw unknown(body.runner);
      return { runner, fresh };
    });
  }
}

/** By id, else the newest of that name; what belongs to others is not there. */
const findVisibleRunner = async (
  em: EntityManager,
  principal: Principal,
  reference: string,
): Promise<RunnerRow | undefined> => {
  const visible = visibleRunners(principal);
  const byId = await em.findOne(Runner, { $and: [visible, { id: reference.toLowerCase() }] });
  if (byId) return byId;
  const [newest] = await em.find(
    Runner,
    { $and: [visible, { nameKey: reference.toLowerCase() }] },
    { orderBy: { createdPosition: 'desc' }, limit: 1 },
  );
  return newest;
};

const unknown = (reference: string) =>
  new Problem(
    'runner-unknown',
    `There is no runner ${reference} that you may see. GET /api/v1/runners lists those there are.`,
  );
