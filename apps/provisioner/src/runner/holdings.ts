import { Injectable } from '@nestjs/common';
import type { Scope } from '#libs/contracts';
import { type Origin, step } from '../origin.js';
import { RunnerNames } from '../runner-name/runner-names.js';
import { TeamCapacityDesk } from '../team-capacity/team-capacity.desk.js';

/** A runner's name and, when it belongs to a team, its slot. */
export type Holder = { runnerId: string; runnerName: string; scope: Scope; teamId: string | undefined };

/** As far as it is known what a runner holds. */
export type PartlyKnownHolder = Omit<Holder, 'runnerName'> & { runnerName: string | undefined };

/** What a runner holds from its request to its end. Giving back twice is harmless. */
@Injectable()
export class Holdings {
  constructor(
    private readonly names: RunnerNames,
    private readonly desk: TeamCapacityDesk,
  ) {}

  async take(
    holder: Holder & { installationId: number },
    { limit, at }: { limit: number | undefined; at: string },
    origin: Origin,
  ): Promise<void> {
    const { teamId, ...claimed } = holder;
    const { runnerId } = holder;
    await this.names.claim({ ...claimed, at }, step(origin, 'name'));
    if (teamId === undefined) return;
    try {
      await this.desk.reserve({ teamId, runnerId, limit, at }, step(origin, 'slot'));
    } catch (error) {
      await this.names.release({ ...holder, at }, step(origin, 'name-back'));
      throw error;
    }
  }

  async giveBack(
    { runnerId, runnerName, scope, teamId }: PartlyKnownHolder,
    at: string,
    origin: Origin,
  ): Promise<void> {
    await Promise.all([
      runnerName === undefined
        ? undefined
        : this.names.release({ runnerId, runnerName, scope, at }, step(origin, 'name-back')),
      teamId === undefined
        ? undefined
        : this.desk.release({ teamId, runnerId, at }, step(origin, 'slot-back')),
    ]);
  }

  /** True while the name is still this runner's. */
  async holdsName({ scope, runnerName, runnerId }: Holder): Promise<boolean> {
    return (await this.names.holder(scope, runnerName)) === runnerId;
  }
}
