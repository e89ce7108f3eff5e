import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';
import { actorIdentities } from '../record/actor-identity.js';
import { AuditRecord } from './audit-record.entity.js';
import { AuditView } from './audit-view.js';
import { timelineOf } from './timeline.js';

type Reply = ReplyOf<typeof subjects.runnerTimeline>;

/** A runner that lives long runs many jobs: the newest of its records tell enough. */
const NEWEST = 1_000;

export class RunnerTimeline extends AskedQuery<typeof subjects.runnerTimeline> {}

/** Whoever asks has just shown the runner to its caller: that they may see it was decided there. */
@QueryHandler(RunnerTimeline)
export class RunnerTimelineHandler implements IQueryHandler<RunnerTimeline> {
  constructor(private readonly view: AuditView) {}

  async execute({ body, context }: RunnerTimeline): Promise<Reply> {
    await this.view.caughtUpWith(context.knownPosition);
    return this.view.read(async (em) => {
      const records = await em.find(
        AuditRecord,
        { runnerId: body.runnerId },
        { orderBy: { position: 'desc' }, limit: NEWEST, disableIdentityMap: true },
      );
      const identityOf = await actorIdentities(em, records);
      return { timeline: timelineOf(records.reverse(), identityOf) };
    });
  }
}
