import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KnownEvents } from '../appending/decide-append.js';

type PlaceRow = readonly [revision: number, position: number, id: Uint8Array];

/** Looks event ids up within one stream. */
export class StoredEventIds {
  readonly #byId: StatementSync;
  readonly #byRevision: StatementSync;

  constructor(database: DatabaseSync) {
    const columns = 'SELECT revision, position, event_id FROM event WHERE stream_id = ?';
    this.#byId = database.prepare(`${columns} AND event_id = ? LIMIT 1`);
    this.#byRevision = database.prepare(`${columns} AND revision = ?`);
    this.#byId.setReturnArrays(true);
    this.#byRevision.setReturnArrays(true);
  }

  of(streamId: number | undefined): KnownEvents {
    const place = (statement: StatementSync, key: Uint8Array | number): PlaceRow | undefined =>
      streamId === undefined ? undefined : (statement.get(streamId, key) as unknown as PlaceRow | undefined);
    return {
      withId: (id) => toStoredEvent(place(this.#byId, id)),
      atRevision: (revision) => toStoredEvent(place(this.#byRevision, revision)),
    };
  }
}

const toStoredEvent = (row: PlaceRow | undefined): ReturnType<KnownEvents['withId']> =>
  row && { revision: row[0], position: row[1], id: row[2] };
