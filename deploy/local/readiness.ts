import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 100;
const answerWithinMs = 2_000;
const reportEveryMs = 15_000;

/**
 * Asks until there is an answer.
 *
 * @param look answers undefined while it is too early
 * @param waiting told now and then how long it has been taking
 * @throws the signal's reason once it is aborted
 */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  stopped: AbortSignal,
  waiting: (seconds: number) => void = () => undefined,
): Promise<T> {
  const begin = Date.now();
  let reported = begin;
  for (;;) {
    stopped.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() - reported >= reportEveryMs) {
      reported = Date.now();
      waiting(Math.round((reported - begin) / 1000));
    }
    await delay(pauseMs, undefined, { signal: stopped });
  }
}

/** True when GET answers 200; undefined when it does not, for whatever reason. */
export async function answersOk(url: string): Promise<true | undefined> {
  const answer = await ask(url);
  return answer?.ok ? true : undefined;
}

/** Names what a readiness report lacks, for a person. */
export async function missingFor(url: string): Promise<string> {
  const answer = await ask(url);
  if (answer === undefined) return 'no answer yet';
  const { checks = {} } = (await answer.json().catch(() => ({}))) as {
    checks?: Record<string, { status: string; detail?: string }>;
  };
  const down = Object.entries(checks).filter(([, { status }]) => status !== 'up');
  return (
    down.map(([name, { detail }]) => (detail ? `${name} (${detail})` : name)).join(', ') ||
    `status ${answer.status}`
  );
}

const ask = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(answerWithinMs) }).catch(() => undefined);
