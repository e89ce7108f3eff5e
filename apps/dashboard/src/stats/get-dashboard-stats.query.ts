import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import type { Asked } from '#libs/messaging';
import { FleetView } from '../fleet/fleet-view.js';
import { countFleet } from './count-fleet.js';

type Reply = ReplyOf<typeof subjects.dashboardStats>;

export class GetDashboardStats extends Query<Reply> {
  constructor(readonly question: Asked<typeof subjects.dashboardStats>) {
    super();
  }
}

@QueryHandler(GetDashboardStats)
export class GetDashboardStatsHandler implements IQueryHandler<GetDashboardStats> {
  constructor(private readonly fleet: FleetView) {}

  /** @throws Problem `admin-required` */
  async execute({ question: { context } }: GetDashboardStats): Promise<Reply> {
    const fresh = await this.fleet.caughtUpWith(context.knownPosition);
    return this.fleet.readFor(context.caller, async (em, { isAdmin }) => {
      if (!isAdmin) {
        throw new Problem('admin-required', 'Only an administrator of this service may see its figures.');
      }
      return { ...(await countFleet(em)), projections: this.fleet.projectionStats(), fresh };
    });
  }
}
