import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { AppStats, subjects } from '#libs/contracts';
import { AskedQuery } from '#libs/messaging';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';

export class GetProvisionerStats extends AskedQuery<typeof subjects.provisionerStats> {}

@QueryHandler(GetProvisionerStats)
export class GetProvisionerStatsHandler implements IQueryHandler<GetProvisionerStats> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  /** @throws Problem `admin-required` */
  async execute({ context }: GetProvisionerStats): Promise<AppStats> {
    await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return { projections: this.view.projectionStats() };
  }
}
