/** Requests let through before the event loop gets to look at its sockets again. */
const EACH_TURN = 8;

/**
 * Lets a burst in a few at a time. Hundreds of requests that arrive together would otherwise be worked on in one go,
 * and whoever asks for the gateway's health meanwhile would wait for all of them.
 */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private letThrough = 0;
  private turning = false;

  /** Resolves at once when it is quiet, else in one of the next turns of the event loop, first come first served. */
  pass(): Promise<void> | undefined {
    if (!this.turning) this.turn();
    if (this.letThrough < EACH_TURN && this.waiting.length === 0) {
      this.letThrough += 1;
      return undefined;
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private turn(): void {
    this.turning = true;
    setImmediate(() => {
      const admitted = this.waiting.splice(0, EACH_TURN);
      this.letThrough = admitted.length;
      this.turning = false;
      if (admitted.length > 0) this.turn();
      for (const resolve of admitted) resolve();
    });
  }
}
