const firstMs = 300;
const longestMs = 10_000;
const healthyAfterMs = 30_000;

/** How long to wait before a process that died is started again. Milliseconds. */
export class BackOff {
  private next = firstMs;

  /** `livedMs` = how long the process that died had lived. */
  afterLifeOf(livedMs: number): number {
    if (livedMs >= healthyAfterMs) this.next = firstMs;
    const delay = this.next;
    this.next = Math.min(delay * 2, longestMs);
    return delay;
  }
}
