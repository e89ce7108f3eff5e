import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;

/** Waits until what is expected is so. */
export const eventually = async (expectation: () => void | Promise<void>): Promise<void> => {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await sleep(5);
    }
  }
};
