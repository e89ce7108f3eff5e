import { Inject, Injectable } from '@nestjs/common';
import type { RunnerEvent } from '#libs/contracts';
import type { Handled } from '#libs/event-store';
import { type Origin, step } from '../origin.js';
import { PROVISIONING } from '../provisioner.tokens.js';
import { LookAtRunner } from './look-at-runner.js';
import { ObserveRunner, observedIn } from './observe-runner.js';
import type { ProvisioningConfig } from './provisioning-config.js';
import type { RunnerCommand } from './runner.decider.js';
import type { LiveRunner, RunnerState } from './runner.state.js';
import { Runners } from './runners.js';

/** What came of it: the runner as it is now, and how many facts are new. */
export type Expiry = Pick<Handled<RunnerState, RunnerEvent>, 'state'> & { recorded: number };

/**
 * Gives up runners that did not connect in time, or have been offline for too long. GitHub is looked at first: what
 * is known here may be old, and a runner that is online lives on.
 */
@Injectable()
export class ExpireRunner {
  constructor(
    private readonly runners: Runners,
    private readonly lookAt: LookAtRunner,
    private readonly observe: ObserveRunner,
    @Inject(PROVISIONING) private readonly config: Pick<ProvisioningConfig, 'staleAfterHours'>,
  ) {}

  /** @throws Problem when GitHub does not answer */
  async expire(runner: LiveRunner, origin: Origin): Promise<Expiry> {
    const command = this.expiryOf(runner);
    if (command === undefined) return { state: runner, recorded: 0 };
    const { runnerId } = runner;
    const look = await this.lookAt.look(runner);
    const isGone = look.seen === 'absent';
    const observed = isGone
      ? undefined
      : await this.observe.record(runnerId, observedIn(look), step(origin, 'looked'));
    // the decider says no to a runner that turned out to be online
    const expired = await this.runners.handle(runnerId, command, origin);
    const recorded = (observed?.events.length ?? 0) + expired.events.length;
    if (!isGone || expired.state.state !== 'deleting') return { state: expired.state, recorded };
    const deleted = { type: 'RecordDeleted', at: new Date().toISOString() } as const;
    const { state, events } = await this.runners.handle(runnerId, deleted, origin);
    return { state, recorded: recorded + events.length };
  }

  private expiryOf(runner: LiveRunner): RunnerCommand | undefined {
    const now = Date.now();
    const at = new Date(now).toISOString();
    if (runner.state === 'pending')
      return runner.expiresAt < at ? { type: 'ExpireUnconnected', at } : undefined;
    if (runner.state !== 'offline') return undefined;
    const offlineSinceBefore = new Date(now - this.config.staleAfterHours * 3_600_000).toISOString();
    return runner.offlineSince < offlineSinceBefore
      ? { type: 'ExpireStale', offlineSinceBefore, at }
      : undefined;
  }
}
