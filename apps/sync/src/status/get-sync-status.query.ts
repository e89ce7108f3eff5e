import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { SyncStatus } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import { Bus } from '#libs/messaging';
import { DeliveryLedger } from '../ledger/delivery-ledger.js';
import { newestLease } from '../reconciliation/newest-lease.js';
import type { Installation, Mode } from '../sync.config.js';
import { EVENT_STORE, INSTALLATION, MODE } from '../sync.tokens.js';
import { administrator } from './administrator.js';
import type { PollingStateRow } from './polling-state.entity.js';
import { PollingState } from './polling-state.js';
import { GetSyncStatus } from './sync.messages.js';

/** How GitHub is kept up with, as any replica can tell. */
@QueryHandler(GetSyncStatus)
export class GetSyncStatusHandler implements IQueryHandler<GetSyncStatus> {
  constructor(
    private readonly bus: Bus,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(INSTALLATION) private readonly installation: Installation,
    @Inject(MODE) private readonly mode: Mode,
    private readonly deliveries: DeliveryLedger,
    private readonly state: PollingState,
  ) {}

  /** @throws Problem `admin-required` */
  async execute({ question: { context } }: GetSyncStatus): Promise<SyncStatus> {
    await administrator(this.bus, context);
    const [leader, state, deliveries] = await Promise.all([
      this.leader(),
      this.state.read(),
      this.deliveries.status(),
    ]);
    return {
      ...this.mode,
      ...leader,
      ...told(state),
      deliveries,
      unmanagedTotal: state?.unmanagedTotal ?? 0,
      unmanagedRunners: state?.unmanagedRunners ?? [],
    };
  }

  /** Whoever has not renewed the lease in time leads no more, whatever the rows say. */
  private async leader(): Promise<Pick<SyncStatus, 'leader'>> {
    const { lease } = await newestLease(this.store, this.installation.scope);
    if (lease === undefined || Date.parse(lease.leaseExpiresAt) <= Date.now()) return {};
    const { observer, term, leaseExpiresAt } = lease;
    return { leader: { observer, term, leaseExpiresAt } };
  }
}

const told = (
  state: PollingStateRow | null,
): Pick<SyncStatus, 'lastCycle' | 'nextRunAt' | 'githubRateLimit'> => ({
  ...(state?.lastCycle ? { lastCycle: state.lastCycle } : {}),
  ...(state?.nextRunAt ? { nextRunAt: state.nextRunAt.toISOString() } : {}),
  // what was left of an hour that is over says nothing about this one
  ...(state?.githubRateLimit && Date.parse(state.githubRateLimit.resetsAt) > Date.now()
    ? { githubRateLimit: state.githubRateLimit }
    : {}),
});
