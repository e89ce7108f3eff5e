import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { EventHeader, RecordedEvent } from '../log/recorded-event.js';
import { EVENT_COLUMNS, type EventRow, toRecordedEvent } from './event-row.js';
import type { StreamNames } from './stream-names.js';

/** Events a page holds at most. */
const PAGE_EVENTS = 256;

/** Payload bytes after which a page ends, so that a few large events do not fill the memory. */
const PAGE_BYTES = 1024 * 1024;

/** Headers looked at in one go by a filtered read. */
const HEADER_PAGE = 512;

type HeaderRow = readonly [position: number, streamId: number, type: string];

/** Revisions `from`–`to` (inclusive) of a stream, without what was created before `createdSince`. */
export interface StreamRange {
  readonly streamId: number;
  readonly from: number;
  readonly to: number;
  /** Milliseconds since 1970. */
  readonly createdSince: number;
}

/** Reads the log in pages. An empty page is the end. */
export class EventReader {
  readonly #streamForwards: StatementSync;
  readonly #streamBackwards: StatementSync;
  readonly #allForwards: StatementSync;
  readonly #allBackwards: StatementSync;
  readonly #headersForwards: StatementSync;
  readonly #headersBackwards: StatementSync;
  readonly #byPosition: StatementSync;
  readonly #byRevision: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly names: StreamNames,
  ) {
    const prepare = (sql: string): StatementSync => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const events = `SELECT ${EVENT_COLUMNS} FROM event`;
    const headers = 'SELECT position, stream_id, event_type FROM event';
    const inStream = 'WHERE stream_id = ? AND revision BETWEEN ? AND ? AND created >= ?';
    this.#streamForwards = prepare(`${events} ${inStream} ORDER BY revision LIMIT ?`);
    this.#streamBackwards = prepare(`${events} ${inStream} ORDER BY revision DESC LIMIT ?`);
    this.#allForwards = prepare(`${events} WHERE position > ? ORDER BY position LIMIT ?`);
    this.#allBackwards = prepare(`${events} WHERE position < ? ORDER BY position DESC LIMIT ?`);
    this.#headersForwards = prepare(`${headers} WHERE position > ? ORDER BY position LIMIT ?`);
    this.#headersBackwards = prepare(`${headers} WHERE position < ? ORDER BY position DESC LIMIT ?`);
    this.#byPosition = prepare(`${events} WHERE position = ?`);
    this.#byRevision = prepare(`${events} WHERE stream_id = ? AND revision = ?`);
  }

  streamForwards({ streamId, from, to, createdSince }: StreamRange, limit: number): RecordedEvent[] {
    return this.#page(this.#streamForwards, streamId, from, to, createdSince, Math.min(limit, PAGE_EVENTS));
  }

  streamBackwards({ streamId, from, to, createdSince }: StreamRange, limit: number): RecordedEvent[] {
    return this.#page(this.#streamBackwards, streamId, from, to, createdSince, Math.min(limit, PAGE_EVENTS));
  }

  /** `$all` after a position, exclusive. */
  allForwards(after: number, limit: number): RecordedEvent[] {
    return this.#page(this.#allForwards, after, Math.min(limit, PAGE_EVENTS));
  }

  /** `$all` before a position, exclusive. */
  allBackwards(before: number, limit: number): RecordedEvent[] {
    return this.#page(this.#allBackwards, before, Math.min(limit, PAGE_EVENTS));
  }

  headersForwards(after: number): EventHeader[] {
    return this.#headers(this.#headersForwards, after);
  }

  headersBackwards(before: number): EventHeader[] {
    return this.#headers(this.#headersBackwards, before);
  }

  /** Undefined when it was scavenged. */
  at(position: number): RecordedEvent | undefined {
    return this.#page(this.#byPosition, position)[0];
  }

  atRevision(streamId: number, revision: number): RecordedEvent | undefined {
    return this.#page(this.#byRevision, streamId, revision)[0];
  }

  #page(statement: StatementSync, ...parameters: SQLInputValue[]): RecordedEvent[] {
    const events: RecordedEvent[] = [];
    let bytes = 0;
    for (const row of statement.iterate(...parameters)) {
      const event = toRecordedEvent(row as unknown as EventRow, this.names);
      events.push(event);
      bytes += event.data.length + event.metadata.length;
      if (bytes >= PAGE_BYTES) break;
    }
    return events;
  }

  #headers(statement: StatementSync, bound: number): EventHeader[] {
    const rows = statement.all(bound, HEADER_PAGE) as unknown as HeaderRow[];
    return rows.map(([position, streamId, type]) => ({
      position,
      streamName: this.names.nameOf(streamId),
      type,
    }));
  }
}
