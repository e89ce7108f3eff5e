/** How a runner ends, in the numbers of the real one. */
export const exitCodes = {
  ok: 0,
  /** Nothing will get better by trying again: bad configuration, deleted runner, access denied. */
  terminated: 1,
  /** The server cannot be reached. */
  retryable: 2,
  sessionConflict: 5,
};

/** Ends the program with a sentence for a person. */
export class RunnerExit extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const terminated = (message: string): RunnerExit => new RunnerExit(exitCodes.terminated, message);
