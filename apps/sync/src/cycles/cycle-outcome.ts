import { Problem, type SyncResult } from '#libs/contracts';
import { GithubRefusal, problemOf } from '#libs/github';
import type { Unmanaged } from '../reconciliation/unmanaged-runners.reporter.js';

export type CycleOutcome = { cycleId: string } & CycleEnd;

/** What one look at all runners came to: its result, or why there is none. */
export type CycleEnd = { startedAt: string; endedAt: string } & (
  | { result: SyncResult; unmanaged: Unmanaged }
  | { problem: Problem }
);

/** What whoever asked for the cycle is told. */
export const problemOfFailure = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof GithubRefusal) return problemOf(error);
  return new Problem(
    'unexpected',
    'Something went wrong while looking at GitHub; the log of sync says what.',
    {
      cause: error,
    },
  );
};
