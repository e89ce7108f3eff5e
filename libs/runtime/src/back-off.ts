export type BackOffOptions = {
  /** The first pause, which each further one doubles. */
  leastMs: number;
  mostMs: number;
  /** From 0 to 1, exclusive. */
  random?: () => number;
};

/**
 * Pauses between tries: they grow up to a limit, and a random part of up to a half is taken off each, so that those
 * who met the same outage do not all come back in the same moment.
 */
export class BackOff {
  private tries = 0;

  constructor(private readonly options: BackOffOptions) {}

  /** How long to wait before the next try. Milliseconds. */
  nextMs(): number {
    const { leastMs, mostMs, random = Math.random } = this.options;
    const pauseMs = Math.min(mostMs, leastMs * 2 ** this.tries);
    if (pauseMs < mostMs) this.tries += 1;
    return pauseMs * (1 - random() / 2);
  }

  /** It works: the next trouble begins with a short pause again. */
  reset(): void {
    this.tries = 0;
  }
}
