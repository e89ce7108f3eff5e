import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until there is an answer; a probe that throws has none. @throws Error when it takes too long */
export const poll = async <T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  { withinMs = 30_000, everyMs = 20 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> => {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const found = await Promise.resolve()
      .then(probe)
      .catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > giveUpAt) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await sleep(everyMs);
  }
};
