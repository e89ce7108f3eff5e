import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; ends early, without an error, when the signal is aborted. */
export const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
};
