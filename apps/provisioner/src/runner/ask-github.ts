import { Injectable } from '@nestjs/common';
import type { RunnerEvent } from '#libs/contracts';
import type { Handled } from '#libs/event-store';
import { GithubRefusal, problemOf } from '#libs/github';
import type { Origin } from '../origin.js';
import type { KnownRunner, RunnerState } from './runner.state.js';
import { Runners } from './runners.js';

/** A runner whose request has just been recorded. */
export type Requested = Handled<RunnerState, RunnerEvent> & { state: KnownRunner };

/** Asks GitHub on behalf of a requested runner, and records a definite no. */
@Injectable()
export class AskGithub {
  constructor(private readonly runners: Runners) {}

  /**
   * @param mayHaveHappened tells whether GitHub can have made the runner in spite of the refusal: then the request
   * stays open and settling finds out.
   * @throws Problem
   */
  async for<T>(
    requested: Requested,
    origin: Origin,
    ask: () => Promise<T>,
    mayHaveHappened: (refusal: GithubRefusal) => boolean,
  ): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof GithubRefusal)) throw error;
      const problem = problemOf(error);
      if (!mayHaveHappened(error)) {
        const failed = {
          type: 'RecordProvisioningFailed',
          reason: problem.code,
          at: new Date().toISOString(),
        } as const;
        await this.runners.handle(requested.state.runnerId, failed, origin, requested);
      }
      throw problem;
    }
  }
}
