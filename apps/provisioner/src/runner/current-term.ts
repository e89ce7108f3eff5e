import { Inject, Injectable } from '@nestjs/common';
import { type Scope, type SyncCycleEvent, streams } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import { EVENT_STORE, PROVISIONING } from '../provisioner.tokens.js';

/** An observer that has lost the lease may go on telling for so long before it is noticed. */
const LOOK_EVERY_MS = 1_000;
/** Older logs hold records of cycles between the leases. */
const TAIL = 10;

/** Whose turn it is to observe GitHub: what an earlier holder of the lease saw is stale. */
@Injectable()
export class CurrentTerm {
  private newest = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private looking: Promise<void> | undefined;

  constructor(
    @Inject(EVENT_STORE) private readonly store: Pick<EventStore, 'readBackwards'>,
    @Inject(PROVISIONING) private readonly config: { scope: Scope },
  ) {}

  /** @param term absent: whoever tells observes without a lease, and is not stale by it */
  async isOver(term: number | undefined): Promise<boolean> {
    if (term === undefined) return false;
    this.newest = Math.max(this.newest, term);
    if (term === this.newest && performance.now() - this.lookedAt > LOOK_EVERY_MS) await this.look();
    return term < this.newest;
  }

  private look(): Promise<void> {
    this.looking ??= this.read().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async read(): Promise<void> {
    const newestFirst = await this.store.readBackwards(streams.syncCycle(this.config.scope), TAIL);
    for (const event of newestFirst as unknown as SyncCycleEvent[])
      if (event.type === 'SyncLeaseTaken') this.newest = Math.max(this.newest, event.data.term);
    this.lookedAt = performance.now();
  }
}
