import { Inject, Injectable, Logger } from '@nestjs/common';
import { labelDifference, type SeenUnmanaged } from '#libs/contracts';
import type { Github } from '#libs/github';
import { originOf, serviceActor, step } from '../origin.js';
import { GITHUB, PROVISIONING } from '../provisioner.tokens.js';
import type { ProvisioningConfig } from '../runner/provisioning-config.js';
import { isKnown, type KnownRunner, type RunnerState } from '../runner/runner.state.js';
import { Runners } from '../runner/runners.js';

/**
 * A registration token registers as many machines as its holder likes. Those beyond the one it was meant for are
 * removed as drift is: after a look of our own, and not while a job runs on them. They are told of again as long as
 * GitHub has them.
 */
@Injectable()
export class SurplusMachines {
  private readonly logger = new Logger('surplus-machines');
  private readonly underWay = new Set<number>();

  constructor(
    private readonly runners: Runners,
    @Inject(GITHUB) private readonly github: Pick<Github, 'getRunner' | 'deleteRunner'>,
    @Inject(PROVISIONING) private readonly config: Pick<ProvisioningConfig, 'labelDrift'>,
  ) {}

  /** True when it is one: then it is dealt with. */
  async takes(machine: SeenUnmanaged, seenAt: string, requestId: string): Promise<boolean> {
    const { absentAt, sharesLabelsWith = [], ...unmanaged } = machine;
    const { action } = this.config.labelDrift;
    for (const runnerId of sharesLabelsWith) {
      const origin = originOf({ requestId }, { kind: 'service', app: 'sync' });
      const { state } = await this.runners.handle(
        runnerId,
        { type: 'RecordSurplusSeen', machine: unmanaged, absentAt, action, seenAt },
        origin,
      );
      if (!isSurplus(state, machine)) continue;
      if (action === 'remove') void this.begin(state, machine.githubRunnerId, requestId);
      return true;
    }
    return false;
  }

  private async begin(runner: KnownRunner, githubRunnerId: number, requestId: string): Promise<void> {
    if (this.underWay.has(githubRunnerId)) return;
    this.underWay.add(githubRunnerId);
    try {
      await this.remove(runner, githubRunnerId, requestId);
    } catch (error) {
      this.logger.warn({ err: error, githubRunnerId }, 'a surplus machine is not removed yet');
    } finally {
      this.underWay.delete(githubRunnerId);
    }
  }

  private async remove(
    { runnerId, labels }: KnownRunner,
    githubRunnerId: number,
    requestId: string,
  ): Promise<void> {
    const seen = await this.github.getRunner(githubRunnerId);
    if (seen !== 'absent' && (seen.busy || labelDifference(labels, seen.labels))) return;
    const deletion = seen === 'absent' ? seen : await this.github.deleteRunner(githubRunnerId);
    if (deletion === 'busy') return;
    const removed = { type: 'RecordSurplusRemoved', githubRunnerId, at: new Date().toISOString() } as const;
    await this.runners.handle(runnerId, removed, step(originOf({ requestId }, serviceActor), 'surplus'));
  }
}

const isSurplus = (runner: RunnerState, { githubRunnerId }: SeenUnmanaged): runner is KnownRunner =>
  isKnown(runner) && runner.surplus.has(githubRunnerId);
