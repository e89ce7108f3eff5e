import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { TOMBSTONE_REVISION } from '../log/revision.js';
import { INCREMENTAL } from './schema.js';

/** Rows removed in one go at most. */
const CHUNK_EVENTS = 64;

/** Payload bytes after which a chunk ends: freeing the pages of a large event takes its time. */
const CHUNK_BYTES = 512 * 1024;

/** A stream that holds more than its last event, and metadata or a tombstone that may hide the rest. */
export interface PrunableStream {
  readonly streamId: number;
  readonly streamName: string;
  /** Of the last event in the file. */
  readonly lastRevision: number;
}

type EventFacts = { readonly revision: number; readonly created: number };
type FactsRow = readonly [revision: number, created: number, bytes: number];

/**
 * Takes rows out of the file and gives its free pages back. It keeps off the caches of names and states, which
 * belong to the streams in use.
 */
export class EventRemover {
  readonly #selectPrunable: StatementSync;
  readonly #selectLastStream: StatementSync;
  readonly #selectFirst: StatementSync;
  readonly #delete: StatementSync;
  readonly #pageBytes: number;
  readonly #canShrink: boolean;

  constructor(private readonly database: DatabaseSync) {
    this.#selectPrunable = database.prepare(`
      SELECT stream_id, name, last FROM (
        SELECT stream_id, name,
          (SELECT min(revision) FROM event WHERE event.stream_id = stream.stream_id) AS first,
          (SELECT max(revision) FROM event WHERE event.stream_id = stream.stream_id) AS last
        FROM stream WHERE stream_id BETWEEN ? AND ?
      ) AS candidate
      WHERE first < last AND (
        substr(name, 1, 2) = '$$' OR last = ${TOMBSTONE_REVISION}
        OR EXISTS (SELECT 1 FROM stream WHERE stream.name = '$$' || candidate.name)
      )`);
    this.#selectLastStream = database.prepare('SELECT max(stream_id) AS last FROM stream');
    this.#selectFirst = database.prepare(`
      SELECT revision, created, octet_length(data) + octet_length(metadata) FROM event
      WHERE stream_id = ? ORDER BY revision LIMIT ${CHUNK_EVENTS}`);
    this.#selectFirst.setReturnArrays(true);
    this.#delete = database.prepare('DELETE FROM event WHERE stream_id = ? AND revision <= ?');
    this.#pageBytes = this.#pragma('page_size');
    this.#canShrink = this.#pragma('auto_vacuum') === INCREMENTAL;
  }

  get lastStreamId(): number {
    return Number(this.#selectLastStream.get()?.last ?? 0);
  }

  /** Those of the streams interned under `first`–`last`, inclusive. */
  prunableStreams(first: number, last: number): PrunableStream[] {
    return this.#selectPrunable.all(first, last).map((row) => ({
      streamId: Number(row.stream_id),
      streamName: String(row.name),
      lastRevision: Number(row.last),
    }));
  }

  /** How many of the stream's first events can go at once: up to the first that has to stay, or a chunk. */
  firstRemovable(streamId: number, removable: (event: EventFacts) => boolean): RemovableChunk | undefined {
    let events = 0;
    let bytes = 0;
    let lastRevision: number | undefined;
    for (const row of this.#selectFirst.iterate(streamId)) {
      const [revision, created, payload] = row as unknown as FactsRow;
      if (bytes >= CHUNK_BYTES || !removable({ revision, created })) break;
      events += 1;
      bytes += payload;
      lastRevision = revision;
    }
    return lastRevision === undefined ? undefined : { streamId, events, lastRevision };
  }

  /** Only inside a transaction. */
  remove({ streamId, lastRevision }: RemovableChunk): void {
    this.#delete.run(streamId, lastRevision);
  }

  /**
   * Cuts free pages off the end of the file, moving others into the gaps.
   *
   * @returns bytes given back; 0 when there is nothing left to give
   */
  shrink(pages: number): number {
    if (!this.#canShrink) return 0;
    const before = this.#pragma('page_count');
    this.database.exec(`PRAGMA incremental_vacuum(${pages})`);
    return (before - this.#pragma('page_count')) * this.#pageBytes;
  }

  #pragma(name: string): number {
    return Number(this.database.prepare(`PRAGMA ${name}`).get()?.[name]);
  }
}

export interface RemovableChunk {
  readonly streamId: number;
  readonly events: number;
  /** Every event of the stream up to here, inclusive. */
  readonly lastRevision: number;
}
