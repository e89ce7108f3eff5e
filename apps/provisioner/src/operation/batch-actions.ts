import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type DeletionReason, Problem } from '#libs/contracts';
import { type EventStore, load } from '#libs/event-store';
import { capacityDecider } from '../capacity/capacity.decider.js';
import { capacityOf } from '../capacity/capacity-holder.js';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { RemoveRunner } from '../runner/remove-runner.js';
import { Runners } from '../runner/runners.js';
import { Teams } from '../team/teams.js';
import { Users } from '../user/users.js';
import type { KnownOperation } from './operation.decider.js';

/** A request at GitHub is answered or settled by then. */
const PROVISIONING_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;

/** `resumed`: the worker before us may have dealt with it and been gone before it could say so. */
export type Target = { operation: KnownOperation; targetId: string; resumed: boolean };

/** What a batch does to one of its targets. Each is a fact of the target's own. */
@Injectable()
export class BatchActions {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly users: Users,
    private readonly teams: Teams,
    private readonly runners: Runners,
    private readonly removeRunner: RemoveRunner,
  ) {}

  /** @throws Problem why this target is not dealt with */
  async apply(target: Target, origin: Origin): Promise<void> {
    const { operation, targetId } = target;
    const { action, comment: reason } = operation;
    const at = new Date().toISOString();
    switch (action) {
      case 'disable-users':
        return once(target, () => this.users.deactivate(targetId, reason, at, origin));
      case 'restore-users':
        return once(target, () => this.users.activate(targetId, at, origin));
      case 'deactivate-teams':
        await once(target, () => this.teams.deactivate(targetId, reason, at, origin));
        return this.deleteRunnersOf(target, origin);
      case 'reactivate-teams':
        return once(target, () => this.teams.reactivate(targetId, at, origin));
      case 'delete-runners':
        return once(target, () => this.deleteRunner(operation.deletionReason, targetId, origin));
    }
  }

  /** The team is closed by now: whoever has a slot is all there is. */
  private async deleteRunnersOf({ operation, targetId: teamId }: Target, origin: Origin): Promise<void> {
    if (!operation.removeRunners) return;
    const capacity = capacityOf({ kind: 'team', id: teamId });
    const { state } = await load(this.store, capacityDecider(capacity), capacity.stream);
    for (const runnerId of state.runners) {
      const target = { operation, targetId: runnerId, resumed: true };
      await once(target, () => this.deleteRunner('team-suspended', runnerId, step(origin, runnerId)));
    }
  }

  /** Once requested, the deletion is tried until GitHub confirms it; a running job delays it. */
  private async deleteRunner(reason: DeletionReason, runnerId: string, origin: Origin): Promise<void> {
    const giveUpAt = Date.now() + PROVISIONING_MS;
    for (;;) {
      try {
        const at = new Date().toISOString();
        const requested = await this.runners.handle(
          runnerId,
          { type: 'RequestDeprovisioning', reason, untilConfirmed: true, at },
          origin,
        );
        await this.removeRunner.remove(requested, origin);
        return;
      } catch (error) {
        const isBeingMade = error instanceof Problem && error.code === 'provisioning-in-progress';
        if (!isBeingMade || Date.now() > giveUpAt) throw error;
        await sleep(LOOK_AGAIN_MS);
      }
    }
  }
}

const once = async ({ resumed }: Target, act: () => Promise<unknown>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    const done = resumed && error instanceof Problem && error.code.startsWith('already-');
    if (!done) throw error;
  }
};
