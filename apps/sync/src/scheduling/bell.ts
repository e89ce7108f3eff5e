import { pause } from './pause.js';

/** `setTimeout` takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

/** Wakes those who wait for something to happen. */
export class Bell {
  private readonly listening = new Set<() => void>();

  ring(): void {
    for (const wake of this.listening) wake();
    this.listening.clear();
  }

  /**
   * Listens from now on, so that what happens while its caller looks around is not missed. The function returned
   * waits until the bell has rung, the time is over or the signal is aborted; it is to be called.
   */
  listen(): (withinMs: number, signal: AbortSignal) => Promise<void> {
    const rung = new AbortController();
    const wake = () => rung.abort();
    this.listening.add(wake);
    return async (withinMs, signal) => {
      await pause(Math.min(withinMs, LONGEST_MS), AbortSignal.any([rung.signal, signal]));
      this.listening.delete(wake);
    };
  }
}
