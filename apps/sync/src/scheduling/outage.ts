import { pause } from './pause.js';

const PAUSES_MS = [50, 100, 250, 500, 1_000];

/** Keeps all who need the same thing from asking while it is away; they learn within a second that it is back. */
export class Outage {
  private closedUntil = 0;
  private failures = 0;

  /** True when this is the first sign of it. */
  noticed(): boolean {
    const now = Date.now();
    if (now < this.closedUntil) return false;
    this.closedUntil = now + (PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)] ?? 1_000);
    this.failures += 1;
    return this.failures === 1;
  }

  /** True when there was one. */
  ended(): boolean {
    const wasAway = this.failures > 0;
    this.failures = 0;
    return wasAway;
  }

  async over(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && Date.now() < this.closedUntil) {
      await pause(this.closedUntil - Date.now(), signal);
    }
  }
}
