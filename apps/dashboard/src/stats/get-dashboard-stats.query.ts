import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { administratorsOnly, type ReplyOf, type subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';
import { FleetView } from '../fleet/fleet-view.js';
import { countFleet } from './count-fleet.js';

type Reply = ReplyOf<typeof subjects.dashboardStats>;

export class GetDashboardStats extends AskedQuery<typeof subjects.dashboardStats> {}

@QueryHandler(GetDashboardStats)
export class GetDashboardStatsHandler implements IQueryHandler<GetDashboardStats> {
  constructor(private readonly fleet: FleetView) {}

  /** @throws Problem `admin-required` */
  async execute({ context }: GetDashboardStats): Promise<Reply> {
    const fresh = await this.fleet.caughtUpWith(context.knownPosition);
    return this.fleet.readFor(context.caller, async (em, principal) => {
      administratorsOnly(principal);
      return { ...(await countFleet(em)), projections: this.fleet.projectionStats(), fresh };
    });
  }
}
