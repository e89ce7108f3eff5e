import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { CurrentTerm } from './current-term.js';
import { DriftRemoval } from './drift-removal.js';
import { LookAtRunner } from './look-at-runner.js';
import { type Observed, ObserveRunner, observedIn } from './observe-runner.js';
import { OverlookedEnds } from './overlooked-ends.js';
import { RecordObservation } from './runner.messages.js';
import { hasEnded, isKnown } from './runner.state.js';
import { Runners } from './runners.js';

@CommandHandler(RecordObservation)
export class RecordObservationHandler implements ICommandHandler<RecordObservation> {
  constructor(
    private readonly runners: Runners,
    private readonly lookAt: LookAtRunner,
    private readonly observe: ObserveRunner,
    private readonly driftRemoval: DriftRemoval,
    private readonly overlookedEnds: OverlookedEnds,
    private readonly currentTerm: CurrentTerm,
  ) {}

  async execute({ body, context }: RecordObservation): Promise<ReplyOf<typeof subjects.recordObservation>> {
    if (await this.currentTerm.isOver(body.term)) return { recorded: 0 };
    const origin = originOf(context, { kind: 'service', app: 'sync' });
    const observed = await this.confirmed(body);
    const { state, events, position } = await this.observe.record(body.runnerId, observed, origin);
    void this.driftRemoval.begin(state, context.requestId);
    void this.overlookedEnds.begin(state, observed.observation, context.requestId);
    return { recorded: events.length, ...(position === undefined ? {} : { position: String(position) }) };
  }

  /**
   * Sync may be behind the log: what it misses may be what a runner was before its host registered it again, which
   * nobody does without a token of the runner's.
   * @throws Problem when GitHub does not answer
   */
  private async confirmed({ runnerId, ...told }: RecordObservation['body']): Promise<Observed> {
    if (told.observation.status !== 'absent') return told;
    const { state } = await this.runners.load(runnerId);
    if (!isKnown(state) || hasEnded(state) || state.tokenValid === undefined) return told;
    return { ...observedIn(await this.lookAt.look(state)), term: told.term };
  }
}
