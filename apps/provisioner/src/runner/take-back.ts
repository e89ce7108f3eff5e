import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Github } from '#libs/github';
import { BackOff } from '#libs/runtime';
import { GITHUB } from '../provisioner.tokens.js';

/** GitHub's outages pass within this; a runner it keeps even so is reported as unmanaged. */
const PATIENCE_MS = 30 * 60_000;

/**
 * Takes back runners GitHub made for requests that had been given up meanwhile. No fact knows their ids and their names
 * are free again: nobody else would ever remove them.
 */
@Injectable()
export class TakeBack {
  private readonly logger = new Logger('take-back');

  constructor(@Inject(GITHUB) private readonly github: Pick<Github, 'deleteRunner'>) {}

  /** Resolves after the first try; what it did not achieve is tried again without anybody waiting. */
  async of(githubRunnerId: number): Promise<void> {
    if (!(await this.hasGone(githubRunnerId))) void this.insist(githubRunnerId);
  }

  private async insist(githubRunnerId: number): Promise<void> {
    const backOff = new BackOff({ leastMs: 1_000, mostMs: 60_000 });
    const giveUpAt = performance.now() + PATIENCE_MS;
    do await sleep(backOff.nextMs(), undefined, { ref: false });
    while (!(await this.hasGone(githubRunnerId)) && performance.now() < giveUpAt);
  }

  /** Nobody has its config, so no job keeps it busy. */
  private async hasGone(githubRunnerId: number): Promise<boolean> {
    try {
      return (await this.github.deleteRunner(githubRunnerId)) !== 'busy';
    } catch (error) {
      this.logger.warn({ err: error, githubRunnerId }, 'a runner that was made too late is not removed yet');
      return false;
    }
  }
}
