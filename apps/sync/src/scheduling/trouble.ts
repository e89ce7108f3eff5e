/** Nest's logger fits. */
export type JobLog = {
  log(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

/** Says once that something does not work, and once that it works again, however often it was tried meanwhile. */
export class Trouble {
  private since: number | undefined;

  constructor(
    private readonly logger: JobLog,
    private readonly what: string,
  ) {}

  met(error: unknown): void {
    if (this.since !== undefined) return;
    this.since = Date.now();
    this.logger.warn({ err: error }, `${this.what} does not work; it is tried again`);
  }

  over(): void {
    if (this.since === undefined) return;
    const seconds = Math.round((Date.now() - this.since) / 1000);
    this.since = undefined;
    this.logger.log({ seconds }, `${this.what} works again`);
  }
}
