import { pause } from './pause.js';

export type Repeated = {
  /** From one beginning to the next; work that takes longer is begun again as soon as it is done. */
  everyMs: number;
  /** Default 0: at once. */
  firstAfterMs?: number;
  signal: AbortSignal;
};

/** Does the work again and again, never twice at a time, until the signal is aborted. The work handles its errors. */
export const repeat = async (
  { everyMs, firstAfterMs = 0, signal }: Repeated,
  work: () => Promise<void>,
): Promise<void> => {
  await pause(firstAfterMs, signal);
  while (!signal.aborted) {
    const beganAt = performance.now();
    await work();
    await pause(Math.max(0, everyMs - (performance.now() - beganAt)), signal);
  }
};
