/** What time it is at GitHub: the machine's clock plus the skew a test asked for. */
export class Clock {
  constructor(private readonly skewSeconds: () => number) {}

  now(): Date {
    return new Date(this.ms());
  }

  /** Milliseconds since 1970. */
  ms(): number {
    return Date.now() + this.skewSeconds() * 1000;
  }

  /** Whole seconds since 1970, as JSON web tokens count. */
  seconds(): number {
    return Math.floor(this.ms() / 1000);
  }
}

/** `YYYY-MM-DDTHH:MM:SSZ`: how GitHub writes an instant in payloads (no milliseconds). */
export const toSecondsIso = (instant: Date | number): string =>
  new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');
