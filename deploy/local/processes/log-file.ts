import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const largestBytes = 10 * 1024 * 1024;

/** A log of at most about twice 10 MiB: when full it becomes `<path>.1` in place of the one before. */
export class LogFile {
  private descriptor: number;
  private size: number;

  constructor(
    private readonly path: string,
    private readonly limit = largestBytes,
  ) {
    this.descriptor = openSync(path, 'a', 0o600);
    this.size = fstatSync(this.descriptor).size;
  }

  write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.size > 0 && this.size + bytes.length > this.limit) this.rotate();
    writeSync(this.descriptor, bytes);
    this.size += bytes.length;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private rotate(): void {
    closeSync(this.descriptor);
    renameSync(this.path, `${this.path}.1`);
    this.descriptor = openSync(this.path, 'a', 0o600);
    this.size = 0;
  }
}
