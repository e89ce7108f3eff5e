import type { RunningProjections } from './run-projections.js';

/** How long a reader waits for rows that show what its caller has just written. Milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * Read your own writes: waits until the rows hold what the caller knows of. False: the answer may be older than
 * that, and must say so.
 * @param knownPosition the request context's; absent = nothing to wait for
 */
export const caughtUpWith = async (
  projections: Pick<RunningProjections, 'waitFor'>,
  knownPosition: string | undefined,
): Promise<boolean> =>
  knownPosition === undefined || !/^\d+$/.test(knownPosition)
    ? true
    : projections.waitFor(BigInt(knownPosition), PATIENCE_MS);
