import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { BoundedMap } from './bounded-map.js';

const REMEMBERED_NAMES = 8_000;

/** Stream names, each interned under a number. */
export class StreamNames {
  readonly #idByName = new BoundedMap<string, number>(REMEMBERED_NAMES);
  readonly #nameById = new BoundedMap<number, string>(REMEMBERED_NAMES);
  readonly #selectId: StatementSync;
  readonly #selectName: StatementSync;
  readonly #insert: StatementSync;

  constructor(database: DatabaseSync) {
    this.#selectId = database.prepare('SELECT stream_id FROM stream WHERE name = ?');
    this.#selectName = database.prepare('SELECT name FROM stream WHERE stream_id = ?');
    this.#insert = database.prepare('INSERT INTO stream (name) VALUES (?)');
  }

  idOf(name: string): number | undefined {
    const remembered = this.#idByName.get(name);
    if (remembered !== undefined) return remembered;
    const row = this.#selectId.get(name);
    if (row === undefined) return undefined;
    const id = Number(row.stream_id);
    this.#remember(id, name);
    return id;
  }

  nameOf(id: number): string {
    const remembered = this.#nameById.get(id);
    if (remembered !== undefined) return remembered;
    const row = this.#selectName.get(id);
    if (row === undefined) throw new Error(`No stream is interned under ${id}`);
    const name = String(row.name);
    this.#remember(id, name);
    return name;
  }

  /** Only inside a transaction. */
  intern(name: string): number {
    const known = this.idOf(name);
    if (known !== undefined) return known;
    const id = Number(this.#insert.run(name).lastInsertRowid);
    this.#remember(id, name);
    return id;
  }

  /** After a rollback: what was interned meanwhile is not there. */
  forget(): void {
    this.#idByName.clear();
    this.#nameById.clear();
  }

  #remember(id: number, name: string): void {
    this.#idByName.set(name, id);
    this.#nameById.set(id, name);
  }
}
