import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import { originOf, serviceActor } from '../origin.js';
import { RemoveRunner } from './remove-runner.js';
import { AbandonRunner } from './runner.messages.js';
import { isLive } from './runner.state.js';
import { Runners } from './runners.js';

/** The caller hung up before its answer arrived: nobody has the config, so nobody will ever start that runner. */
@CommandHandler(AbandonRunner)
export class AbandonRunnerHandler implements ICommandHandler<AbandonRunner> {
  constructor(
    private readonly runners: Runners,
    private readonly removeRunner: RemoveRunner,
  ) {}

  async execute({
    body: { runnerId },
    context,
  }: AbandonRunner): Promise<ReplyOf<typeof subjects.abandonRunner>> {
    const { state } = await this.runners.load(runnerId);
    if (state.state === 'unknown' || state.state === 'requested') throw tooEarly();
    if (!isLive(state) || state.state !== 'pending') return { recorded: 0 };
    const origin = originOf(context, serviceActor);
    const at = new Date().toISOString();
    const requested = await this.runners.handle(
      runnerId,
      { type: 'RequestDeprovisioning', reason: 'never-connected', at },
      origin,
    );
    await this.removeRunner.remove(requested, origin);
    return { recorded: requested.events.length };
  }
}

const tooEarly = () =>
  new Problem(
    'provisioning-in-progress',
    'GitHub is still being asked for this runner. Try again in a second.',
  );
