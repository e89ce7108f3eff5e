import { Inject, Injectable } from '@nestjs/common';
import type { Problem } from '#libs/contracts';
import type { Github, RunnerDeletion } from '#libs/github';
import { type Origin, step } from '../origin.js';
import { GITHUB } from '../provisioner.tokens.js';
import { CancelRuns } from './cancel-runs.js';
import { ObserveRunner, observedIn } from './observe-runner.js';
import { type DeletingRunner, hasEnded, type KnownRunner, type RunnerState } from './runner.state.js';
import { Runners } from './runners.js';
import { wasGoodAt } from './token-validity.js';

/**
 * How a removal went: confirmed by GitHub, refused because of a running job, put off until that job has ended, its
 * workflow run may not be cancelled, or still open.
 */
export type Removal =
  | { outcome: 'refused'; problem: Problem; position: bigint | undefined }
  | { outcome: 'confirmed' | 'busy'; position: bigint | undefined }
  | { outcome: 'put-off' }
  | { outcome: 'open'; cause: unknown };

/** Takes a runner in state `deleting` away from GitHub. What GitHub does not confirm stays `deleting` and is retried. */
@Injectable()
export class RemoveRunner {
  constructor(
    private readonly runners: Runners,
    private readonly cancelRuns: CancelRuns,
    private readonly observe: ObserveRunner,
    @Inject(GITHUB) private readonly github: Github,
  ) {}

  async remove({ state }: { state: RunnerState }, origin: Origin): Promise<Removal> {
    if (state.state !== 'deleting') return { outcome: 'confirmed', position: undefined };
    try {
      const refusal = await this.cancelRuns.of(state, origin);
      // whoever asked gets an answer; what is to be removed in any case is removed when its job has ended
      if (refusal && state.cancelJob && !state.inAnyCase) return await this.giveUp(state, refusal, origin);
      const deletion = await this.delete(state, origin);
      if (deletion === 'busy' && state.untilConfirmed) {
        return refusal
          ? { outcome: 'refused', problem: refusal, position: undefined }
          : { outcome: 'put-off' };
      }
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

  private async giveUp({ runnerId }: KnownRunner, problem: Problem, origin: Origin): Promise<Removal> {
    const failed = { type: 'RecordDeprovisioningFailed', reason: problem.code, at: now() } as const;
    const { position } = await this.runners.handle(runnerId, failed, origin);
    return { outcome: 'refused', problem, position };
  }

  /**
   * A runner with a registration token may have registered, or registered again, without anybody having noticed. That
   * it did is recorded: a job may keep it for longer than its token is good, and then nobody looks for its name.
   */
  private async delete(
    { runnerId, githubRunnerId, tokenValid, runnerName }: DeletingRunner,
    origin: Origin,
  ): Promise<RunnerDeletion> {
    if (githubRunnerId !== undefined) {
      const deletion = await this.github.deleteRunner(githubRunnerId);
      if (deletion !== 'absent' || !wasGoodAt(tokenValid, now())) return deletion;
    }
    const seenAt = now();
    const bearer = await this.github.findRunnerByName(runnerName);
    if (bearer === 'absent') return bearer;
    await this.observe.record(runnerId, observedIn({ seen: bearer, seenAt }), step(origin, 'found'));
    return this.github.deleteRunner(bearer.id);
  }
}

const now = () => new Date().toISOString();
