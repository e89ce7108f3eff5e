import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RunnerEvent } from '#libs/contracts';
import {
  labelDifference,
  Problem,
  type ReplyOf,
  type Scope,
  type SettleRunner as SettleRequest,
  type subjects,
} from '#libs/contracts';
import type { Handled } from '#libs/event-store';
import { type Github, GithubRefusal, problemOf } from '#libs/github';
import { holderOf } from '../capacity/capacity-holder.js';
import { type Origin, originOf, serviceActor } from '../origin.js';
import { GITHUB, PROVISIONING } from '../provisioner.tokens.js';
import { CancelRuns } from './cancel-runs.js';
import { ExpireRunner } from './expire-runner.js';
import { Holdings, type PartlyKnownHolder } from './holdings.js';
import { InFlight } from './in-flight.js';
import { LookAtRunner } from './look-at-runner.js';
import { RemoveRunner } from './remove-runner.js';
import { SettleRunner } from './runner.messages.js';
import { isKnown, type KnownRunner, type LiveRunner, mayBeOrphan, type RunnerState } from './runner.state.js';
import { openCancellations } from './runner-jobs.js';
import { Runners } from './runners.js';

/** A request younger than this may still be answered. */
const OPEN_FOR_SECONDS = 20;

/**
 * Closes what was left open: a request whose issuer was never heard of again, a runner that has been away for too
 * long, a deletion or a cancellation GitHub has not confirmed, a name or a slot nobody uses. Asking again is harmless.
 */
@CommandHandler(SettleRunner)
export class SettleRunnerHandler implements ICommandHandler<SettleRunner> {
  constructor(
    private readonly runners: Runners,
    private readonly holdings: Holdings,
    private readonly removeRunner: RemoveRunner,
    private readonly cancelRuns: CancelRuns,
    private readonly expireRunner: ExpireRunner,
    private readonly lookAt: LookAtRunner,
    @Inject(GITHUB) private readonly github: Github,
    private readonly inFlight: InFlight,
    @Inject(PROVISIONING) private readonly config: { scope: Scope; installationId: number },
  ) {}

  async execute({ body, context }: SettleRunner): Promise<ReplyOf<typeof subjects.settleRunner>> {
    const { runnerId } = body;
    if (this.inFlight.has(runnerId)) return { recorded: 0 };
    const origin = originOf(context, serviceActor);
    const before = await this.runners.load(runnerId);
    switch (before.state.state) {
      case 'unknown':
      case 'requested':
        return this.abandon(body, origin);
      case 'failed':
      case 'deleted':
      case 'abandoned':
        if (body.stillAtGithub) await this.removeLeftBehind(before.state);
        return this.giveBack(body, before.state, origin, 0);
      case 'deleting':
        return this.remove(before, origin, 0);
      case 'pending':
      case 'idle':
      case 'busy':
      case 'offline':
        return this.lookAfter(before.state, origin);
    }
  }

  /** Of its jobs' workflow runs some may have to be cancelled; it may have been away for too long. */
  private async lookAfter(runner: LiveRunner, origin: Origin) {
    const cancelled = openCancellations(runner.jobs).length;
    await this.cancelRuns.of(runner, origin).catch(asProblem);
    const { state, recorded } = await this.expireRunner.expire(runner, origin);
    return this.remove({ state }, origin, cancelled + recorded);
  }

  /** The failure is recorded first: an issuer that comes too late now hands out nothing. */
  private async abandon(request: SettleRequest, origin: Origin) {
    const { scope, installationId } = this.config;
    const now = Date.now();
    const { state, events } = await this.runners.handle(
      request.runnerId,
      {
        type: 'AbandonProvisioning',
        runner: { runnerId: request.runnerId, scope, installationId },
        openSince: new Date(now - OPEN_FOR_SECONDS * 1000).toISOString(),
        at: new Date(now).toISOString(),
      },
      origin,
    );
    return events.length === 0 ? { recorded: 0 } : this.giveBack(request, state, origin, events.length);
  }

  /**
   * GitHub may have created the runner although nobody was told. As long as the name is ours, whoever bears it there
   * and is not running is that runner.
   */
  private async giveBack(request: SettleRequest, state: RunnerState, origin: Origin, recorded: number) {
    const holder = await this.holderOf(request, state);
    if (mayBeOrphan(state) && (await this.holdings.holdsName(state))) {
      await this.removeOrphan(state);
    }
    await this.holdings.giveBack(holder, new Date().toISOString(), origin);
    return { recorded };
  }

  /** Its end is a fact; at GitHub it is nobody's any more. Whoever is online is at work after all. */
  private async removeLeftBehind(runner: RunnerState): Promise<void> {
    if (runner.state !== 'deleted' || runner.githubRunnerId === undefined) return;
    const { seen } = await this.lookAt.look(runner);
    if (seen === 'absent' || seen.status !== 'offline' || seen.busy) return;
    await this.github.deleteRunner(seen.id).catch(asProblem);
  }

  private async removeOrphan(runner: KnownRunner): Promise<void> {
    try {
      const found = await this.github.findRunnerByName(runner.runnerName);
      // what config.sh registered is somebody else's: a JIT runner is always ephemeral
      if (found === 'absent' || found.status !== 'offline' || found.ephemeral === false) return;
      const isOurs = labelDifference(runner.labels, found.labels) === undefined;
      if (isOurs) await this.github.deleteRunner(found.id);
    } catch (error) {
      asProblem(error);
    }
  }

  private async holderOf(
    { runnerId, runnerName, teamId }: SettleRequest,
    state: RunnerState,
  ): Promise<PartlyKnownHolder> {
    if (isKnown(state)) return { ...state, slotOf: holderOf(state) };
    const { scope } = this.config;
    const slotOf = teamId
      ? ({ kind: 'team', id: teamId } as const)
      : await this.holdings.claimant(scope, runnerName, runnerId);
    return { runnerId, runnerName, scope, slotOf };
  }

  private async remove(
    runner: Pick<Handled<RunnerState, RunnerEvent>, 'state'>,
    origin: Origin,
    recorded: number,
  ) {
    const removal = await this.removeRunner.remove(runner, origin);
    if (removal.outcome === 'open') {
      throw new Problem('github-unavailable', 'GitHub has not confirmed the deletion. It is tried again.', {
        cause: removal.cause,
      });
    }
    if (removal.outcome === 'put-off') return { recorded };
    return { recorded: recorded + Number(removal.position !== undefined) };
  }
}

const asProblem = (error: unknown): never => {
  throw error instanceof GithubRefusal ? problemOf(error) : error;
};
