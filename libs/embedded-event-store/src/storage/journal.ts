import type { DatabaseSync } from 'node:sqlite';

/** Pages in the journal after which a commit carries them over; SQLite's default. */
const CARRIED_OVER_AFTER = 1000;

/**
 * SQLite's write-ahead log. Commits go to it alone; the file changes only when it is carried over ("checkpoint",
 * https://www.sqlite.org/wal.html).
 */
export class Journal {
  #held = false;

  constructor(private readonly database: DatabaseSync) {}

  /** Does nothing while the file has to keep still. */
  carryOver(): void {
    if (!this.#held) this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /**
   * Brings the file up to date and leaves it so until the work is done; the journal grows meanwhile.
   *
   * @throws when the database was closed meanwhile, and the file did not keep still
   */
  async whileFileKeepsStill(work: (file: string) => Promise<void>): Promise<void> {
    const file = this.database.location();
    if (file === null) throw new Error('A store in memory has no file.');
    if (this.#held) throw new Error('The file is held already.');
    const { busy } = this.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {};
    if (busy !== 0) throw new Error('The journal could not be carried over.');
    this.#held = true;
    this.#carryOverAfter(0);
    try {
      await work(file);
    } finally {
      this.#held = false;
      this.#carryOverAfter(CARRIED_OVER_AFTER);
    }
  }

  /** @param pages 0 stands for never */
  #carryOverAfter(pages: number): void {
    this.database.exec(`PRAGMA wal_autocheckpoint = ${pages}`);
  }
}
