/** Lets so many work at a time, first come, first served. */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private working = 0;

  constructor(private readonly places: number) {}

  /** Rejects without working when the signal was aborted meanwhile. */
  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.working < this.places) this.working += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.working -= 1;
    }
  }
}
