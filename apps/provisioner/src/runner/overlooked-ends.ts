import { Inject, Injectable, Logger } from '@nestjs/common';
import type { RecordObservation, WorkflowJob } from '#libs/contracts';
import type { Github } from '#libs/github';
import { originOf, step } from '../origin.js';
import { GITHUB } from '../provisioner.tokens.js';
import { isLive, type LiveRunner, type RunnerState } from './runner.state.js';
import { runningJobs } from './runner-jobs.js';
import { Runners } from './runners.js';

/**
 * GitHub shows a runner as idle of which a job is known to run: either GitHub hides that it works, or the word of the
 * job's end was lost. The job itself tells which. Whatever comes to nothing is begun again by the next sight.
 */
@Injectable()
export class OverlookedEnds {
  private readonly logger = new Logger('overlooked-ends');
  private readonly underWay = new Set<string>();

  constructor(
    private readonly runners: Runners,
    @Inject(GITHUB) private readonly github: Pick<Github, 'getWorkflowJob'>,
  ) {}

  /** Need not be waited for. */
  async begin(
    runner: RunnerState,
    observation: RecordObservation['observation'],
    requestId: string,
  ): Promise<void> {
    const looksIdle = observation.status === 'online' && !observation.busy;
    if (!looksIdle || !isLive(runner) || this.underWay.has(runner.runnerId)) return;
    this.underWay.add(runner.runnerId);
    try {
      for (const job of runningJobs(runner.jobs)) await this.look(runner, job, requestId);
    } catch (error) {
      this.logger.warn({ err: error, runnerId: runner.runnerId }, 'a job cannot be looked at yet');
    } finally {
      this.underWay.delete(runner.runnerId);
    }
  }

  private async look(
    { runnerId, githubRunnerId }: LiveRunner,
    job: WorkflowJob,
    requestId: string,
  ): Promise<void> {
    const seen = await this.github.getWorkflowJob(job.repository, job.jobId);
    if (seen === 'hidden' || !seen.isCompleted) return;
    const at = new Date().toISOString();
    const { conclusion, completedAt = at, startedAt = completedAt } = seen;
    await this.runners.handle(
      runnerId,
      {
        type: 'RecordWorkflowJob',
        runnerId,
        ...(githubRunnerId === undefined ? {} : { githubRunnerId }),
        stage: 'completed',
        job,
        conclusion,
        queuedAt: startedAt,
        startedAt,
        completedAt,
        at,
      },
      step(originOf({ requestId }, { kind: 'github' }), `job-${job.jobId}`),
    );
  }
}
