import { Inject, Injectable, Logger } from '@nestjs/common';
import { originOf, serviceActor, step } from '../origin.js';
import { PROVISIONING } from '../provisioner.tokens.js';
import { LookAtRunner } from './look-at-runner.js';
import { ObserveRunner, observedIn } from './observe-runner.js';
import type { ProvisioningConfig } from './provisioning-config.js';
import { RemoveRunner } from './remove-runner.js';
import { isLive, type LiveRunner, type RunnerState } from './runner.state.js';
import { Runners } from './runners.js';

/**
 * Removes runners whose labels were changed at GitHub: for this one sight is not enough, it has to be confirmed by a
 * look of our own. A busy one is left alone until it is idle, unless its workflow run may be cancelled. Whatever
 * comes to nothing is begun again by the next sight, which is told as long as the labels differ.
 */
@Injectable()
export class DriftRemoval {
  private readonly logger = new Logger('label-drift');
  private readonly underWay = new Set<string>();

  constructor(
    private readonly runners: Runners,
    private readonly lookAt: LookAtRunner,
    private readonly observe: ObserveRunner,
    private readonly removeRunner: RemoveRunner,
    @Inject(PROVISIONING) private readonly config: Pick<ProvisioningConfig, 'labelDrift'>,
  ) {}

  /** Need not be waited for. */
  async begin(runner: RunnerState, requestId: string): Promise<void> {
    if (!this.isDue(runner) || this.underWay.has(runner.runnerId)) return;
    const { runnerId } = runner;
    this.underWay.add(runnerId);
    try {
      await this.remove(runner, requestId);
    } catch (error) {
      this.logger.warn({ err: error, runnerId }, 'a runner with changed labels is not removed yet');
    } finally {
      this.underWay.delete(runnerId);
    }
  }

  private isDue(runner: RunnerState): runner is LiveRunner {
    const { action, deleteBusyRunners } = this.config.labelDrift;
    const isDrifted = isLive(runner) && runner.driftedTo !== undefined;
    return action === 'remove' && isDrifted && (runner.state !== 'busy' || deleteBusyRunners);
  }

  private async remove(runner: LiveRunner, requestId: string): Promise<void> {
    const { runnerId } = runner;
    const { deleteBusyRunners } = this.config.labelDrift;
    const look = await this.lookAt.look(runner);
    const origin = originOf({ requestId }, serviceActor);
    const { state } = await this.observe.record(runnerId, observedIn(look), step(origin, 'confirmed'));
    const isBusy = look.seen !== 'absent' && look.seen.busy;
    if (!this.isDue(state) || (isBusy && !deleteBusyRunners)) return;
    const requested = await this.runners.handle(
      runnerId,
      {
        type: 'RequestDeprovisioning',
        reason: 'label-drift',
        untilConfirmed: true,
        cancelJob: deleteBusyRunners,
        at: new Date().toISOString(),
      },
      origin,
    );
    await this.removeRunner.remove(requested, origin);
  }
}
