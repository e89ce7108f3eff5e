import { Logger } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { type Origin, originOf, serviceActor } from '../origin.js';
import { CancelRuns } from './cancel-runs.js';
import { JudgeJob } from './judge-job.js';
import { RecordWorkflowJob } from './runner.messages.js';
import { isLive, type RunnerState } from './runner.state.js';
import { Runners } from './runners.js';

@CommandHandler(RecordWorkflowJob)
export class RecordWorkflowJobHandler implements ICommandHandler<RecordWorkflowJob> {
  private readonly logger = new Logger('workflow-jobs');

  constructor(
    private readonly runners: Runners,
    private readonly judgeJob: JudgeJob,
    private readonly cancelRuns: CancelRuns,
  ) {}

  async execute({ body, context }: RecordWorkflowJob): Promise<ReplyOf<typeof subjects.recordWorkflowJob>> {
    const { causationId, ...report } = body;
    const { runnerId, job, stage } = report;
    const commandId = `${causationId}/${job.jobId}/${stage}`;
    const origin = originOf(context, { kind: 'github' }, { commandId, causationId });
    const outsidePolicy = await this.judgeJob.on(await this.runners.recall(runnerId), job.jobId);
    const { state, events, position } = await this.runners.handle(
      runnerId,
      {
        type: 'RecordWorkflowJob',
        ...report,
        ...(outsidePolicy ? { outsidePolicy } : {}),
        at: new Date().toISOString(),
      },
      origin,
    );
    if (events.length > 0) void this.cancelRun(state, originOf(context, serviceActor));
    return { recorded: events.length, ...(position === undefined ? {} : { position: String(position) }) };
  }

  /** Whoever tells of the job need not wait for it; what comes to nothing is settled. */
  private async cancelRun(runner: RunnerState, origin: Origin): Promise<void> {
    if (!isLive(runner)) return;
    try {
      await this.cancelRuns.of(runner, origin);
    } catch (error) {
      this.logger.warn({ err: error, runnerId: runner.runnerId }, 'a workflow run is not cancelled yet');
    }
  }
}
