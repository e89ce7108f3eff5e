import { closeSync, createReadStream, createWriteStream, openSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Copies a file that SQLite has open in this process. To close any descriptor of such a file is to give up SQLite's
 * lock on it (https://www.sqlite.org/howtocorrupt.html, section 2.2), so the one used here stays open.
 */
export class FileCopier {
  #descriptor: number | undefined;
  #copying = false;
  #closed = false;

  /** One at a time. @param target readable by its owner only. @throws EEXIST */
  async copy(file: string, target: string): Promise<void> {
    this.#descriptor ??= openSync(file, 'r');
    this.#copying = true;
    try {
      await pipeline(
        createReadStream(file, {
          fd: this.#descriptor,
          start: 0,
          autoClose: false,
          highWaterMark: CHUNK_BYTES,
        }),
        createWriteStream(target, { flags: 'wx', mode: 0o600, highWaterMark: CHUNK_BYTES }),
      );
    } finally {
      this.#copying = false;
      this.#closeUnused();
    }
  }

  /** After the database was closed. */
  close(): void {
    this.#closed = true;
    this.#closeUnused();
  }

  #closeUnused(): void {
    if (!this.#closed || this.#copying || this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
