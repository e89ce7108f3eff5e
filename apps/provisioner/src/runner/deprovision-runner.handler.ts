import { setTimeout as sleep } from 'node:timers/promises';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Problem, type RunnerDeprovisioned } from '#libs/contracts';
import { type Origin, originOf, step } from '../origin.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { FindRunner } from './find-runner.js';
import { type Removal, RemoveRunner } from './remove-runner.js';
import { DeprovisionRunner } from './runner.messages.js';
import type { RunnerState } from './runner.state.js';
import { Runners } from './runners.js';

/** How long a caller waits for GitHub's word before the deletion goes on without it. */
const WAIT_FOR_GITHUB_MS = 9_000;
const CANCELLED_JOB_PAUSES_MS = [500, 1_000, 2_000, 4_000];

@CommandHandler(DeprovisionRunner)
export class DeprovisionRunnerHandler implements ICommandHandler<DeprovisionRunner> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly findRunner: FindRunner,
    private readonly runners: Runners,
    private readonly removeRunner: RemoveRunner,
  ) {}

  async execute({ body, context }: DeprovisionRunner): Promise<RunnerDeprovisioned> {
    const principal = await this.tenancy.principalOf(context);
    const found = await this.findRunner.visibleTo(principal, body.runner);
    const { runnerId, runnerName } = found.state;
    const { cancelJob = false } = body;
    const origin = originOf(context, actorOf(principal));

    const at = new Date().toISOString();
    const requested = await this.runners.handle(
      runnerId,
      {
        type: 'RequestDeprovisioning',
        reason: 'deprovisioned',
        // with the job cancelled it is only a matter of time
        ...(cancelJob ? { cancelJob, untilConfirmed: true } : {}),
        at,
      },
      origin,
      found,
    );
    const removing = cancelJob
      ? this.removeInTime(runnerId, requested, origin)
      : this.removeRunner.remove(requested, origin);
    const removal = await within(WAIT_FOR_GITHUB_MS, removing);
    if (removal.outcome === 'busy') throw busy(runnerName);
    if (removal.outcome === 'refused') throw removal.problem;
    const position =
      removal.outcome === 'confirmed' ? (removal.position ?? requested.position) : requested.position;
    return {
      runnerId,
      runnerName,
      confirmed: removal.outcome === 'confirmed',
      position: String(position ?? 0n),
    };
  }

  /** A job that is being cancelled ends within seconds, more often than not. */
  private async removeInTime(
    runnerId: string,
    requested: { state: RunnerState },
    origin: Origin,
  ): Promise<Removal> {
    let removal = await this.removeRunner.remove(requested, origin);
    for (const pauseMs of CANCELLED_JOB_PAUSES_MS) {
      if (removal.outcome !== 'put-off') break;
      await sleep(pauseMs);
      removal = await this.removeRunner.remove(await this.runners.load(runnerId), step(origin, `${pauseMs}`));
    }
    return removal;
  }
}

const within = async (milliseconds: number, removal: Promise<Removal>): Promise<Removal> => {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<Removal>((resolve) => {
    timer = setTimeout(() => resolve({ outcome: 'open', cause: new Error('GitHub is slow') }), milliseconds);
  });
  try {
    return await Promise.race([removal, patience]);
  } finally {
    clearTimeout(timer);
  }
};

const busy = (runnerName: string) =>
  new Problem(
    'runner-busy',
    `The runner ${runnerName} is running a job. Wait for its end, or cancel the job first.`,
  );
