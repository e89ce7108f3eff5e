import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { RecordObservation } from './runner.messages.js';
import { Runners } from './runners.js';

@CommandHandler(RecordObservation)
export class RecordObservationHandler implements ICommandHandler<RecordObservation> {
  constructor(private readonly runners: Runners) {}

  async execute({ body, context }: RecordObservation): Promise<ReplyOf<typeof subjects.recordObservation>> {
    const { runnerId, observation, seenAt } = body;
    const origin = originOf(context, { kind: 'service', app: 'sync' });
    const at = new Date().toISOString();
    const { events, position } = await this.runners.handle(
      runnerId,
      { type: 'RecordRunnerObserved', observation, seenAt, at },
      origin,
    );
    return { recorded: events.length, ...(position === undefined ? {} : { position: String(position) }) };
  }
}
