import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Problem, type RunnerDeprovisioned } from '#libs/contracts';
import { originOf } from '../origin.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { FindRunner } from './find-runner.js';
import { type Removal, RemoveRunner } from './remove-runner.js';
import { DeprovisionRunner } from './runner.messages.js';
import { Runners } from './runners.js';

/** How long a caller waits for GitHub's word before the deletion goes on without it. */
const WAIT_FOR_GITHUB_MS = 9_000;

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
    const origin = originOf(context, actorOf(principal));

    const at = new Date().toISOString();
    const requested = await this.runners.handle(
      runnerId,
      { type: 'RequestDeprovisioning', reason: 'deprovisioned', at },
      origin,
      found,
    );
    const removal = await within(WAIT_FOR_GITHUB_MS, this.removeRunner.remove(requested, origin));
    if (removal.outcome === 'busy') throw busy(runnerName);
    const position =
      removal.outcome === 'confirmed' ? (removal.position ?? requested.position) : requested.position;
    return {
      runnerId,
      runnerName,
      confirmed: removal.outcome === 'confirmed',
      position: String(position ?? 0n),
    };
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
