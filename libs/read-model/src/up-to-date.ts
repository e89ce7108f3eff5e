/**
 * As of when some rows are known to hold every fact: an instant, or now, as long as the log is followed live and
 * nothing waits to be written. Milliseconds since 1970; a fact's instant is by the store's clock.
 */
export class UpToDate {
  private instant: number | undefined;
  private holdsNow = false;

  /** @param startedAt counts until more is known */
  constructor(private readonly startedAt: number) {}

  /** Every fact up to the instant is there; nothing is known of later ones. */
  asOf(instant: number): void {
    this.holdsNow = false;
    this.instant = Math.max(this.instant ?? instant, instant);
  }

  /** Whatever is recorded from now on will be heard of. */
  fromNowOn(): void {
    this.holdsNow = true;
  }

  /** That was so until the instant. */
  until(instant: number): void {
    if (!this.holdsNow) return;
    this.holdsNow = false;
    this.instant = instant;
  }

  lagMs(now: number): number {
    return this.holdsNow ? 0 : Math.max(0, now - (this.instant ?? this.startedAt));
  }
}
