import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { RecordWorkflowJob } from './runner.messages.js';
import { Runners } from './runners.js';

@CommandHandler(RecordWorkflowJob)
export class RecordWorkflowJobHandler implements ICommandHandler<RecordWorkflowJob> {
  constructor(private readonly runners: Runners) {}

  async execute({ body, context }: RecordWorkflowJob): Promise<ReplyOf<typeof subjects.recordWorkflowJob>> {
    const { causationId, ...report } = body;
    const { runnerId, job, stage } = report;
    const commandId = `${causationId}/${job.jobId}/${stage}`;
    const origin = originOf(context, { kind: 'github' }, { commandId, causationId });
    const at = new Date().toISOString();
    const { events, position } = await this.runners.handle(
      runnerId,
      { type: 'RecordWorkflowJob', ...report, at },
      origin,
    );
    return { recorded: events.length, ...(position === undefined ? {} : { position: String(position) }) };
  }
}
