import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { SyncStatus } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import { Bus } from '#libs/messaging';
import { DeliveryLedger } from '../ledger/delivery-ledger.js';
import type { Asking } from '../provisioner-calls.js';
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
    @Inject(Bus) private readonly bus: Asking,
    @Inject(EVENT_STORE) private readonly store: Pick<EventStore, 'readBackwards'>,
    @Inject(INSTALLATION) private readonly installation: Pick<Installation, 'scope'>,
    @Inject(MODE) private readonly mode: Mode,
    @Inject(DeliveryLedger) private readonly deliveries: Pick<DeliveryLedger, 'status'>,
    @Inject(PollingState) private readonly state: Pick<PollingState, 'read'>,
  ) {}

  /** @throws Problem `admin-required` */
  async execute({ context }: GetSyncStatus): Promise<SyncStatus> {
    await administrator(this.bus, context);
    const [leader, state, deliveries] = await Promise.all([
      this.leader(),
      this.state.read(),
      this.deliveries.status(),
    ]);
    return {
      ...this.mode,
      ...(leader ? { leader } : {}),
      ...told(state),
      // without a leader nobody has planned anything
      ...(leader && state?.nextRunAt ? { nextRunAt: state.nextRunAt.toISOString() } : {}),
      deliveries,
      unmanagedTotal: state?.unmanagedTotal ?? 0,
      unmanagedRunners: state?.unmanagedRunners ?? [],
    };
  }

  /** Whoever has not renewed the lease in time leads no more, whatever the rows say. */
  private async leader(): Promise<SyncStatus['leader']> {
    const { lease } = await newestLease(this.store, this.installation.scope);
    if (lease === undefined || Date.parse(lease.leaseExpiresAt) <= Date.now()) return undefined;
    const { observer, term, leaseExpiresAt } = lease;
    return { observer, term, leaseExpiresAt };
  }
}

const told = (state: PollingStateRow | null): Pick<SyncStatus, 'lastCycle' | 'githubRateLimit'> => ({
  ...(state?.lastCycle ? { lastCycle: state.lastCycle } : {}),
  // what was left of an hour that is over says nothing about this one
  ...(state?.githubRateLimit && Date.parse(state.githubRateLimit.resetsAt) > Date.now()
    ? { githubRateLimit: state.githubRateLimit }
    : {}),
});
