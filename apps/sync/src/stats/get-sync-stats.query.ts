import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { AppStats, subjects } from '#libs/contracts';
import { AskedQuery, Bus } from '#libs/messaging';
import { administrator } from '../status/administrator.js';
import { SyncWork } from '../sync-work.js';

export class GetSyncStats extends AskedQuery<typeof subjects.syncStats> {}

@QueryHandler(GetSyncStats)
export class GetSyncStatsHandler implements IQueryHandler<GetSyncStats> {
  constructor(
    private readonly bus: Bus,
    private readonly work: SyncWork,
  ) {}

  /** @throws Problem `admin-required` */
  async execute({ context }: GetSyncStats): Promise<AppStats> {
    await administrator(this.bus, context);
    return { projections: this.work.projectionStats() };
  }
}
