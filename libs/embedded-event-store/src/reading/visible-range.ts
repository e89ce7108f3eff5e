import { hasEvents, isSoftDeleted, isTombstoned, type StreamState } from '../log/stream-state.js';

/** Which of a stream's events a reader may see. */
export type StreamView =
  | { readonly view: 'not-found' }
  | { readonly view: 'deleted' }
  | {
      readonly view: 'open';
      readonly streamId: number;
      /** Inclusive; above `last` when all events are truncated. */
      readonly first: number;
      readonly last: number;
      /** Milliseconds since 1970; older events are hidden. */
      readonly createdSince: number;
    };

/** Applies a stream's `$maxCount`, `$maxAge` and `$tb`. @param now milliseconds since 1970 */
export const viewOf = (stream: StreamState, now: number): StreamView => {
  if (isTombstoned(stream)) return { view: 'deleted' };
  const { streamId, lastRevision, metadata } = stream;
  if (streamId === undefined || !hasEvents(stream) || isSoftDeleted(stream)) return { view: 'not-found' };
  const { maxCount, maxAge, truncateBefore = 0 } = metadata;
  return {
    view: 'open',
    streamId,
    first: Math.max(truncateBefore, maxCount === undefined ? 0 : lastRevision - maxCount + 1),
    last: lastRevision,
    createdSince: maxAge === undefined ? 0 : now - maxAge * 1000,
  };
};
