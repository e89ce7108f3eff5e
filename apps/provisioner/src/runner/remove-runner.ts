import { Inject, Injectable } from '@nestjs/common';
import type { Github } from '#libs/github';
import type { Origin } from '../origin.js';
import { GITHUB } from '../provisioner.tokens.js';
import { hasEnded, type KnownRunner, type RunnerState } from './runner.state.js';
import { Runners } from './runners.js';

/**
 * How a removal went: confirmed by GitHub, refused because of a running job, put off until that job has ended, or
 * still open.
 */
export type Removal =
  | { outcome: 'confirmed' | 'busy'; position: bigint | undefined }
  | { outcome: 'put-off' }
  | { outcome: 'open'; cause: unknown };

/** Takes a runner in state `deleting` away from GitHub. What GitHub does not confirm stays `deleting` and is retried. */
@Injectable()
export class RemoveRunner {
  constructor(
    private readonly runners: Runners,
    @Inject(GITHUB) private readonly github: Github,
  ) {}

  async remove({ state }: { state: RunnerState }, origin: Origin): Promise<Removal> {
    if (state.state !== 'deleting') return { outcome: 'confirmed', position: undefined };
    try {
      const githubRunnerId = state.githubRunnerId ?? (await this.idByName(state));
      const deletion =
        githubRunnerId === undefined ? 'absent' : await this.github.deleteRunner(githubRunnerId);
      if (deletion === 'busy' && state.untilConfirmed) return { outcome: 'put-off' };
      const command =
        deletion === 'busy'
          ? ({ type: 'RecordDeprovisioningFailed', reason: 'runner-busy', at: now() } as const)
          : ({ type: 'RecordDeleted', at: now() } as const);
      const { position, state: after } = await this.runners.handle(state.runnerId, command, origin);
      return { outcome: hasEnded(after) ? 'confirmed' : 'busy', position };
    } catch (cause) {
      return { outcome: 'open', cause };
    }
  }

  /** A runner with a registration token may have registered without anybody having noticed. */
  private async idByName({ runnerName }: KnownRunner): Promise<number | undefined> {
    const runner = await this.github.findRunnerByName(runnerName);
    return runner === 'absent' ? undefined : runner.id;
  }
}

const now = () => new Date().toISOString();
