import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { CurrentTerm } from './current-term.js';
import { DriftRemoval } from './drift-removal.js';
import { ObserveRunner } from './observe-runner.js';
import { OverlookedEnds } from './overlooked-ends.js';
import { RecordObservation } from './runner.messages.js';

@CommandHandler(RecordObservation)
export class RecordObservationHandler implements ICommandHandler<RecordObservation> {
  constructor(
    private readonly observe: ObserveRunner,
    private readonly driftRemoval: DriftRemoval,
    private readonly overlookedEnds: OverlookedEnds,
    private readonly currentTerm: CurrentTerm,
  ) {}

  async execute({ body, context }: RecordObservation): Promise<ReplyOf<typeof subjects.recordObservation>> {
    if (await this.currentTerm.isOver(body.term)) return { recorded: 0 };
    const origin = originOf(context, { kind: 'service', app: 'sync' });
    const { state, events, position } = await this.observe.record(body.runnerId, body, origin);
    void this.driftRemoval.begin(state, context.requestId);
    void this.overlookedEnds.begin(state, body.observation, context.requestId);
    return { recorded: events.length, ...(position === undefined ? {} : { position: String(position) }) };
  }
}
