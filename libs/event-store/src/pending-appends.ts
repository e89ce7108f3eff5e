import { setTimeout as sleep } from 'node:timers/promises';
import { BackOff } from '#libs/runtime';
import { isOutage, unavailable } from './store-errors.js';
import { withTimeout } from './with-timeout.js';

/** How long one attempt to append may take. The client itself would wait for ever. */
const ATTEMPT_TIMEOUT_MS = 5_000;
const PAUSES = { leastMs: 50, mostMs: 1_000 };
/** What is on its way when the client is closed may take this long. */
const CLOSING_MS = 5_000;

/** The appends on their way: each is tried until it is acknowledged, and closing waits for them. */
export class PendingAppends {
  private readonly pending = new Set<Promise<unknown>>();
  private closed = false;
  private givenUp = false;

  /**
   * Asks again only after an outage, and only with the very same events.
   * @param deadline milliseconds since 1970
   * @throws Problem event-store-unavailable
   */
  async untilAcknowledged<T>(deadline: number, attempt: () => Promise<T>): Promise<T> {
    if (this.closed) throw unavailable(new Error('the client was closed'));
    const append = this.tryUntil(deadline, attempt);
    this.pending.add(append);
    try {
      return await append;
    } finally {
      this.pending.delete(append);
    }
  }

  /** From now on nothing is appended; resolves when all that is on its way has been answered, or given up. */
  async close(): Promise<void> {
    this.closed = true;
    const patience = new AbortController();
    await Promise.race([
      Promise.allSettled(this.pending),
      sleep(CLOSING_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    this.givenUp = true;
  }

  private async tryUntil<T>(deadline: number, attempt: () => Promise<T>): Promise<T> {
    const backOff = new BackOff(PAUSES);
    for (;;) {
      try {
        return await withTimeout(attempt(), Math.max(1, Math.min(ATTEMPT_TIMEOUT_MS, deadline - Date.now())));
      } catch (error) {
        if (!isOutage(error)) throw error;
        const pauseMs = backOff.nextMs();
        if (this.givenUp || Date.now() + pauseMs > deadline) throw unavailable(error);
        await sleep(pauseMs);
        if (this.givenUp) throw unavailable(error);
      }
    }
  }
}
