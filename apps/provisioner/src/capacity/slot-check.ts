import { Inject, Injectable } from '@nestjs/common';
import type { Scope, SlotRepair } from '#libs/contracts';
import type { Database } from '#libs/read-model';
import { type Origin, originOf, serviceActor, step } from '../origin.js';
import { DATABASE, PROVISIONING } from '../provisioner.tokens.js';
import { Holdings } from '../runner/holdings.js';
import { hasEnded, mayBeOrphan } from '../runner/runner.state.js';
import { Runners } from '../runner/runners.js';
import { CapacityDesk } from './capacity-desk.js';
import type { CapacityHolder } from './capacity-holder.js';
import { RunnerSlot, type RunnerSlotRow } from './runner-slot.entity.js';

/** Name and slot are taken before the runner is requested and given back after it has ended: that is no fault. */
const LEAVE_ALONE_MS = 10 * 60_000;

/**
 * Compares slots with runners and sets right what does not fit. The rows only say where to look; whether a runner
 * lives and whether it holds a slot is decided by the log.
 */
@Injectable()
export class SlotCheck {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly runners: Runners,
    private readonly holdings: Holdings,
    private readonly desk: CapacityDesk,
    @Inject(PROVISIONING) private readonly config: { scope: Scope; installationId: number },
  ) {}

  /** How many slots were set right until the end or the signal. */
  async run(now: Date, signal: AbortSignal): Promise<number> {
    const suspects = await this.database.em().find(RunnerSlot, {
      $or: [
        { isHeld: true, isLive: false },
        { isHeld: false, isLive: true },
      ],
      changedAt: { $lt: new Date(now.getTime() - LEAVE_ALONE_MS) },
    });
    const origin = originOf({ requestId: `slot-check-${now.getTime()}` }, serviceActor);
    let repaired = 0;
    for (const suspect of suspects) {
      if (signal.aborted) break;
      const of = step(origin, suspect.runnerId);
      if (await this.setRight(suspect, now.toISOString(), { ...of, deadline: Date.now() + 20_000 }))
        repaired += 1;
    }
    return repaired;
  }

  private async setRight(suspect: RunnerSlotRow, at: string, origin: Origin): Promise<boolean> {
    const { runnerId, holderKind: kind, holderId: id } = suspect;
    const holder = { kind, id };
    const should = await this.verdict(runnerId, at, origin);
    if (should === undefined || should === (suspect.isHeld ? 'reserved' : 'released')) return false;
    const isNew = await this.desk.repair(holder, { runnerId, repair: should, at }, origin);
    if (should === 'reserved') await this.unlessEndedMeanwhile(holder, runnerId, at, origin);
    return isNew;
  }

  /** What the slot of a runner should be; undefined: somebody else is about to say. */
  private async verdict(runnerId: string, at: string, origin: Origin): Promise<SlotRepair | undefined> {
    const { scope, installationId } = this.config;
    const { state } = await this.runners.load(runnerId);
    if (state.state === 'unknown') {
      // whoever took the slot must not begin any more once it has been given back
      const runner = { runnerId, scope, installationId };
      await this.runners.handle(runnerId, { type: 'AbandonProvisioning', runner, openSince: at, at }, origin);
      return 'released';
    }
    if (mayBeOrphan(state) && (await this.holdings.holdsName(state))) return undefined;
    return hasEnded(state) ? 'released' : 'reserved';
  }

  private async unlessEndedMeanwhile(
    holder: CapacityHolder,
    runnerId: string,
    at: string,
    origin: Origin,
  ): Promise<void> {
    const { state } = await this.runners.load(runnerId);
    if (hasEnded(state)) await this.desk.release(holder, { runnerId, at }, step(origin, 'ended'));
  }
}
