import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Collection } from './collection.js';

/**
 * Everything the simulator remembers, in one SQLite file.
 *
 * Documents are kept in memory and written through: a change is committed before the call that made it
 * returns, so an answered request survives `kill -9` (WAL with `synchronous=NORMAL`: the process may die,
 * not the machine).
 */
export class Database {
  readonly sql: DatabaseSync;
  private readonly nextInSequence: StatementSync;
  private depth = 0;

  /** @param file path of the SQLite file; `:memory:` forgets everything at the end. */
  constructor(file: string) {
    if (file !== ':memory:') prepareFile(file);
    this.sql = new DatabaseSync(file);
    this.sql.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS document (
        collection TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (collection, id)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS sequence (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
    `);
    this.nextInSequence = this.sql.prepare(`
      INSERT INTO sequence (name, last) VALUES (?1, ?2)
      ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last
    `);
  }

  collection<T>(name: string, idOf: (document: T) => string | number): Collection<T> {
    return new Collection(this.sql, name, idOf);
  }

  /** The next number of a sequence; numbers are never handed out twice, also not after a restart. */
  next(sequence: string, first = 1): number {
    return Number(this.nextInSequence.get(sequence, first)?.last);
  }

  /** All changes made by `work` become durable together, or none of them. */
  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.depth += 1;
    this.sql.exec('BEGIN');
    try {
      const result = work();
      this.sql.exec('COMMIT');
      return result;
    } catch (error) {
      this.sql.exec('ROLLBACK');
      throw error;
    } finally {
      this.depth -= 1;
    }
  }

  close(): void {
    this.sql.close();
  }
}

/** Keys and tokens are in it: its owner's only. SQLite gives its other files the same mode. */
function prepareFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a', 0o600));
}
