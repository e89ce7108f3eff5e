import { NO_EVENTS, TOMBSTONE_REVISION } from './revision.js';
import { isSoftDeletion, type StreamMetadata } from './stream-metadata.js';

/** All that deciding on an append and reading a stream need to know about it beforehand. */
export interface StreamState {
  /** The number its name is interned under; undefined when nothing was ever written to it. */
  readonly streamId: number | undefined;
  /** {@link NO_EVENTS} when there is none, {@link TOMBSTONE_REVISION} when it is gone for good. */
  readonly lastRevision: number;
  readonly metadata: StreamMetadata;
  /** Whether its metastream holds an event. */
  readonly hasMetadata: boolean;
}

export const hasEvents = (stream: StreamState): boolean => stream.lastRevision !== NO_EVENTS;

export const isTombstoned = (stream: StreamState): boolean => stream.lastRevision === TOMBSTONE_REVISION;

export const isSoftDeleted = (stream: StreamState): boolean => isSoftDeletion(stream.metadata);
