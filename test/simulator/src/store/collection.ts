import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Documents of one kind by id: read from memory, in the order of their first `put`, written through. */
export class Collection<T> {
  private readonly documents = new Map<string, T>();
  private readonly upsert: StatementSync;
  private readonly remove: StatementSync;

  constructor(
    sql: DatabaseSync,
    private readonly name: string,
    private readonly idOf: (document: T) => string | number,
  ) {
    this.upsert = sql.prepare('INSERT OR REPLACE INTO document (collection, id, body) VALUES (?, ?, ?)');
    this.remove = sql.prepare('DELETE FROM document WHERE collection = ? AND id = ?');
    const rows = sql
      .prepare('SELECT id, body FROM document WHERE collection = ? ORDER BY CAST(id AS INTEGER), id')
      .all(name);
    for (const row of rows) this.documents.set(String(row.id), JSON.parse(String(row.body)));
  }

  get size(): number {
    return this.documents.size;
  }

  get(id: string | number): T | undefined {
    return this.documents.get(String(id));
  }

  values(): IterableIterator<T> {
    return this.documents.values();
  }

  put(document: T): T {
    const id = String(this.idOf(document));
    this.upsert.run(this.name, id, JSON.stringify(document));
    this.documents.set(id, document);
    return document;
  }

  delete(id: string | number): boolean {
    this.remove.run(this.name, String(id));
    return this.documents.delete(String(id));
  }
}
