import { Injectable } from '@nestjs/common';
import type { Scope } from '#libs/contracts';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import type { CapacityHolder } from '../capacity/capacity-holder.js';
import { type Origin, step } from '../origin.js';
import { RunnerNames } from '../runner-name/runner-names.js';

/** A runner's name and its slot. */
export type Holder = { runnerId: string; runnerName: string; scope: Scope; slotOf: CapacityHolder };

/** As far as it is known what a runner holds. */
export type PartlyKnownHolder = Omit<Holder, 'runnerName' | 'slotOf'> & {
  runnerName: string | undefined;
  slotOf: CapacityHolder | undefined;
};

/** What a runner holds from its request to its end. Giving back twice is harmless. */
@Injectable()
export class Holdings {
  constructor(
    private readonly names: RunnerNames,
    private readonly desk: CapacityDesk,
  ) {}

  async take(
    holder: Holder & { installationId: number },
    { limit, at }: { limit: number | undefined; at: string },
    origin: Origin,
  ): Promise<void> {
    const { slotOf, ...claimed } = holder;
    const { runnerId } = holder;
    await this.names.claim({ ...claimed, at }, step(origin, 'name'));
    try {
      await this.desk.reserve(slotOf, { runnerId, limit, at }, step(origin, 'slot'));
    } catch (error) {
      await this.names.release({ ...holder, at }, step(origin, 'name-back'));
      throw error;
    }
  }

  async giveBack(
    { runnerId, runnerName, scope, slotOf }: PartlyKnownHolder,
    at: string,
    origin: Origin,
  ): Promise<void> {
    await Promise.all([
      runnerName === undefined
        ? undefined
        : this.names.release({ runnerId, runnerName, scope, at }, step(origin, 'name-back')),
      slotOf === undefined
        ? undefined
        : this.desk.release(slotOf, { runnerId, at }, step(origin, 'slot-back')),
    ]);
  }

  /** True while the name is still this runner's. */
  async holdsName({ scope, runnerName, runnerId }: Omit<Holder, 'slotOf'>): Promise<boolean> {
    return (await this.names.holder(scope, runnerName)) === runnerId;
  }

  /** Who would have provisioned a runner that never came to be: the slot is theirs, when it was taken without a team. */
  async claimant(
    scope: Scope,
    runnerName: string | undefined,
    runnerId: string,
  ): Promise<CapacityHolder | undefined> {
    if (runnerName === undefined) return undefined;
    const userId = await this.names.claimedBy(scope, runnerName, runnerId);
    return userId === undefined ? undefined : { kind: 'user', id: userId };
  }
}
