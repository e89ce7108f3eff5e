import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { type Origin, originOf, step } from '../origin.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { DriftRemoval } from './drift-removal.js';
import { FindRunner } from './find-runner.js';
import { LookAtRunner } from './look-at-runner.js';
import { ObserveRunner, observedIn } from './observe-runner.js';
import { RefreshRunner } from './runner.messages.js';
import { isLive, type KnownRunner } from './runner.state.js';
import { Runners } from './runners.js';

/** A look at GitHub because somebody asked. Many who ask about one runner at once share one look and one record. */
@CommandHandler(RefreshRunner)
export class RefreshRunnerHandler implements ICommandHandler<RefreshRunner> {
  /** Looks under way, by runner; each ends with a log position. */
  private readonly looks = new Map<string, Promise<string>>();

  constructor(
    private readonly tenancy: Tenancy,
    private readonly findRunner: FindRunner,
    private readonly runners: Runners,
    private readonly lookAt: LookAtRunner,
    private readonly observe: ObserveRunner,
    private readonly driftRemoval: DriftRemoval,
  ) {}

  async execute({ body, context }: RefreshRunner): Promise<ReplyOf<typeof subjects.refreshRunner>> {
    const principal = await this.tenancy.principalOf(context);
    const { state: runner } = await this.findRunner.visibleTo(principal, body.runner);
    const { runnerId } = runner;
    const position = await this.shared(runnerId, () =>
      this.look(runner, originOf(context, actorOf(principal))),
    );
    return { runnerId, position };
  }

  private shared(runnerId: string, look: () => Promise<string>): Promise<string> {
    const underWay = this.looks.get(runnerId);
    if (underWay) return underWay;
    const begun = look().finally(() => this.looks.delete(runnerId));
    this.looks.set(runnerId, begun);
    return begun;
  }

  private async look(runner: KnownRunner, origin: Origin): Promise<string> {
    const { runnerId } = runner;
    const look = await this.lookAt.look(runner);
    const at = new Date().toISOString();
    const refreshed = await this.runners.handle(runnerId, { type: 'RecordRefreshed', at }, origin);
    const unregistered = isLive(runner) && runner.githubRunnerId === undefined;
    if (look.seen === 'absent' && unregistered) return String(refreshed.position);
    const { state, position } = await this.observe.record(
      runnerId,
      observedIn(look),
      step(origin, 'observed'),
    );
    void this.driftRemoval.begin(state, origin.metadata.$correlationId);
    return String(position ?? refreshed.position);
  }
}
