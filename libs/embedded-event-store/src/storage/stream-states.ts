import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { NO_EVENTS, TOMBSTONE_REVISION } from '../log/revision.js';
import { METADATA_OF_METASTREAMS, NO_METADATA, parseStreamMetadata } from '../log/stream-metadata.js';
import { isTombstoned, type StreamState } from '../log/stream-state.js';
import { isMetastream, metastreamOf, originalStreamOf } from '../log/system-names.js';
import { BoundedMap } from './bounded-map.js';
import type { StreamNames } from './stream-names.js';

const REMEMBERED_STREAMS = 8_000;

/** What is known of each stream: read from the table when first asked for, then kept up to date by the writer. */
export class StreamStates {
  readonly #remembered = new BoundedMap<string, StreamState>(REMEMBERED_STREAMS);
  readonly #selectLastRevision: StatementSync;
  readonly #selectLastData: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly names: StreamNames,
  ) {
    this.#selectLastRevision = database.prepare(
      'SELECT revision FROM event WHERE stream_id = ? ORDER BY revision DESC LIMIT 1',
    );
    this.#selectLastData = database.prepare(
      'SELECT data FROM event WHERE stream_id = ? ORDER BY revision DESC LIMIT 1',
    );
  }

  of(streamName: string): StreamState {
    const remembered = this.#remembered.get(streamName);
    if (remembered !== undefined) return remembered;
    const state = isMetastream(streamName) ? this.#loadMetastream(streamName) : this.#loadStream(streamName);
    this.#remembered.set(streamName, state);
    return state;
  }

  /** The raw `$metadata` in force for a stream; empty when there is none. */
  rawMetadataOf(streamName: string): Uint8Array {
    return this.#lastData(this.names.idOf(metastreamOf(streamName))) ?? new Uint8Array();
  }

  /** Only inside a transaction, after an event was written. */
  advance(streamName: string, state: StreamState, streamId: number, lastRevision: number): void {
    this.#remembered.set(streamName, { ...state, streamId, lastRevision });
    if (isMetastream(streamName)) this.#remembered.delete(originalStreamOf(streamName));
    else if (lastRevision === TOMBSTONE_REVISION) this.#remembered.delete(metastreamOf(streamName));
  }

  /** After a rollback. */
  forget(): void {
    this.#remembered.clear();
  }

  #loadStream(streamName: string): StreamState {
    const streamId = this.names.idOf(streamName);
    const metadata = this.#lastData(this.names.idOf(metastreamOf(streamName)));
    return {
      streamId,
      lastRevision: this.#lastRevision(streamId),
      metadata: metadata === undefined ? NO_METADATA : parseStreamMetadata(metadata),
      hasMetadata: metadata !== undefined,
    };
  }

  /** A metastream shares the fate of its stream: a tombstone closes both. */
  #loadMetastream(streamName: string): StreamState {
    const streamId = this.names.idOf(streamName);
    const original = this.of(originalStreamOf(streamName));
    return {
      streamId,
      lastRevision: isTombstoned(original) ? TOMBSTONE_REVISION : this.#lastRevision(streamId),
      metadata: METADATA_OF_METASTREAMS,
      hasMetadata: false,
    };
  }

  #lastRevision(streamId: number | undefined): number {
    const row = streamId === undefined ? undefined : this.#selectLastRevision.get(streamId);
    return row === undefined ? NO_EVENTS : Number(row.revision);
  }

  #lastData(streamId: number | undefined): Uint8Array | undefined {
    const row = streamId === undefined ? undefined : this.#selectLastData.get(streamId);
    return row === undefined ? undefined : (row.data as Uint8Array);
  }
}
