import { sameEventId } from '../log/event-id.js';
import { NO_EVENTS } from '../log/revision.js';
import { hasEvents, isSoftDeleted, isTombstoned, type StreamState } from '../log/stream-state.js';
import type { ExpectedRevision } from './expected-revision.js';

/** Where an event with a certain id or revision already lies in the stream. */
export interface StoredEvent {
  readonly revision: number;
  readonly position: number;
  readonly id: Uint8Array;
}

/** The events a stream holds, findable by id and by revision. */
export interface KnownEvents {
  withId(id: Uint8Array): StoredEvent | undefined;
  atRevision(revision: number): StoredEvent | undefined;
}

export type AppendDecision =
  | { readonly decision: 'append' }
  /** Nothing to do: all of it was written before, the last event there. */
  | { readonly decision: 'idempotent'; readonly revision: number; readonly position: number }
  | { readonly decision: 'wrong-expected-version' }
  | { readonly decision: 'stream-deleted' };

const APPEND: AppendDecision = { decision: 'append' };
const WRONG_EXPECTED_VERSION: AppendDecision = { decision: 'wrong-expected-version' };
const STREAM_DELETED: AppendDecision = { decision: 'stream-deleted' };

/** EventStoreDB's rules for an append (or delete), in its order. */
export const decideAppend = (
  expected: ExpectedRevision,
  stream: StreamState,
  ids: readonly Uint8Array[],
  known: KnownEvents,
): AppendDecision => {
  if (isTombstoned(stream)) return STREAM_DELETED;
  if (expected === 'stream_exists') {
    if (isSoftDeleted(stream)) return STREAM_DELETED;
    if (!hasEvents(stream) && !stream.hasMetadata) return WRONG_EXPECTED_VERSION;
  }
  if (expected === 'any' || expected === 'stream_exists') return decideByIds(ids, known);

  const expectedRevision = expected === 'no_stream' ? NO_EVENTS : expected;
  if (expectedRevision > stream.lastRevision) return WRONG_EXPECTED_VERSION;
  if (expectedRevision < stream.lastRevision) {
    const reopens = expected === 'no_stream' && isSoftDeleted(stream);
    return decideRepeat(Number(expectedRevision), reopens, ids, known);
  }
  return APPEND;
};

/** No revision to go by: the ids tell a repeat from something new. */
const decideByIds = (ids: readonly Uint8Array[], known: KnownEvents): AppendDecision => {
  let last: StoredEvent | undefined;
  for (const [index, id] of ids.entries()) {
    const stored = known.withId(id);
    if (stored === undefined) return index === 0 ? APPEND : WRONG_EXPECTED_VERSION;
    last = stored;
  }
  return last === undefined
    ? APPEND
    : { decision: 'idempotent', revision: last.revision, position: last.position };
};

/** The stream is further than expected: only the very same events may already stand there. */
const decideRepeat = (
  expectedRevision: number,
  reopens: boolean,
  ids: readonly Uint8Array[],
  known: KnownEvents,
): AppendDecision => {
  let last: StoredEvent | undefined;
  for (const [index, id] of ids.entries()) {
    const stored = known.atRevision(expectedRevision + 1 + index);
    if (stored === undefined || !sameEventId(stored.id, id)) {
      return index === 0 && reopens ? APPEND : WRONG_EXPECTED_VERSION;
    }
    last = stored;
  }
  if (last === undefined) return reopens ? APPEND : WRONG_EXPECTED_VERSION;
  return { decision: 'idempotent', revision: last.revision, position: last.position };
};
