import { Inject, Injectable } from '@nestjs/common';
import type { Problem, WorkflowJob } from '#libs/contracts';
import { type Github, GithubRefusal, problemOf } from '#libs/github';
import { type Origin, step } from '../origin.js';
import { GITHUB } from '../provisioner.tokens.js';
import type { KnownRunner } from './runner.state.js';
import { openCancellations } from './runner-jobs.js';
import { Runners } from './runners.js';

/** Has GitHub cancel the workflow runs of which it is recorded that they are to be cancelled: each once. */
@Injectable()
export class CancelRuns {
  constructor(
    private readonly runners: Runners,
    @Inject(GITHUB) private readonly github: Github,
  ) {}

  /**
   * Answers with the first definite refusal, if there was one; it is recorded and not tried again.
   * @throws GithubRefusal nobody knows yet: to be tried again
   */
  async of(runner: KnownRunner, origin: Origin): Promise<Problem | undefined> {
    let refusal: Problem | undefined;
    for (const job of openCancellations(runner.jobs)) {
      const refused = await this.cancel(runner.runnerId, job, step(origin, `cancel-${job.jobId}`));
      refusal ??= refused;
    }
    return refusal;
  }

  private async cancel(runnerId: string, job: WorkflowJob, origin: Origin): Promise<Problem | undefined> {
    const { jobId } = job;
    try {
      await this.github.cancelWorkflowRun(job.repository, job.runId);
    } catch (error) {
      const problem = error instanceof GithubRefusal ? problemOf(error) : undefined;
      if (problem?.code !== 'github-refused') throw error;
      const { code: reason } = problem;
      await this.runners.handle(
        runnerId,
        { type: 'RecordRunCancellationFailed', jobId, reason, at: now() },
        origin,
      );
      return problem;
    }
    await this.runners.handle(runnerId, { type: 'RecordRunCancelled', jobId, at: now() }, origin);
    return undefined;
  }
}

const now = () => new Date().toISOString();
