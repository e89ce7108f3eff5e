import { rmSync } from 'node:fs';
import type { EventLog } from '../storage/event-log.js';
import { IN_MEMORY } from '../storage/open-event-file.js';

/** Copies the log to a file beside it while it goes on. */
export class Backups {
  #running = false;

  /** @param file of the log */
  constructor(
    private readonly log: EventLog,
    private readonly file: string,
  ) {
    this.#removeUnclaimed();
  }

  /**
   * Everything that was acknowledged before is in the copy, and nothing by halves. Whoever asked for the copy moves
   * it away: there is room for one.
   *
   * @returns path of the copy, readable by its owner only; undefined while another one is being made
   */
  async make(): Promise<string | undefined> {
    if (this.file === IN_MEMORY) throw new Error('A store in memory has no file to back up.');
    if (this.#running) return undefined;
    this.#running = true;
    try {
      this.#removeUnclaimed();
      await this.log.copyTo(this.#copy);
      return this.#copy;
    } catch (error) {
      this.#removeUnclaimed();
      throw error;
    } finally {
      this.#running = false;
    }
  }

  get #copy(): string {
    return `${this.file}.unclaimed-copy`;
  }

  #removeUnclaimed(): void {
    rmSync(this.#copy, { force: true });
  }
}
