import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ProposedEvent, RecordedEvent } from '../log/recorded-event.js';
import { EVENT_COLUMNS, type EventRow } from './event-row.js';
import type { StreamNames } from './stream-names.js';

/**
 * What a record counts for in the numbering of positions, besides its payload. Positions grow by the size of
 * the records, as in EventStoreDB, so that nobody comes to take them for counters.
 */
const RECORD_OVERHEAD_BYTES = 64;

/** Writes rows. Whoever calls it holds the transaction. */
export class EventWriter {
  readonly #insert: StatementSync;
  readonly #selectLast: StatementSync;
  #lastPosition = 0;
  #end = 0;

  constructor(
    database: DatabaseSync,
    private readonly names: StreamNames,
  ) {
    this.#insert = database.prepare(
      `INSERT INTO event (${EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#selectLast = database.prepare(`SELECT ${EVENT_COLUMNS} FROM event ORDER BY position DESC LIMIT 1`);
    this.#selectLast.setReturnArrays(true);
    this.returnToStored();
  }

  /** Position of the last event written; 0 in an empty log. */
  get lastPosition(): number {
    return this.#lastPosition;
  }

  insert(
    streamName: string,
    revision: number,
    created: number,
    { id, type, isJson, data, metadata }: ProposedEvent,
  ): { event: RecordedEvent; streamId: number } {
    const streamId = this.names.intern(streamName);
    const position = this.#end;
    this.#insert.run(position, streamId, revision, created, isJson ? 1 : 0, type, id, metadata, data);
    this.#lastPosition = position;
    this.#end = position + recordBytes(data, metadata);
    return { event: { position, streamName, revision, id, type, created, isJson, data, metadata }, streamId };
  }

  leaveOut(positions: number): void {
    this.#end += positions;
  }

  /** At the start, and after a rollback: the numbering continues behind what is stored. */
  returnToStored(): void {
    const row = this.#selectLast.get() as unknown as EventRow | undefined;
    this.#lastPosition = row === undefined ? 0 : row[0];
    this.#end = row === undefined ? RECORD_OVERHEAD_BYTES : row[0] + recordBytes(row[8], row[7]);
  }
}

const recordBytes = (data: Uint8Array, metadata: Uint8Array): number =>
  RECORD_OVERHEAD_BYTES + data.length + metadata.length;
