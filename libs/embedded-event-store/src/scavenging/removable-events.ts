import type { RecordedEvent } from '../log/recorded-event.js';
import type { StreamState } from '../log/stream-state.js';
import { viewOf } from '../reading/visible-range.js';

/** Tells whether nobody will be shown this event in its stream again. */
export type Removable = (event: Pick<RecordedEvent, 'revision' | 'created'>) => boolean;

/**
 * What a stream's metadata or its deletion hides may go, but for its last event: revisions and expected revisions
 * go on from it. A tombstone and the `$metadata` in force are the last of their streams, so they stay, too.
 *
 * @param lastStored revision of the last event of it in the file
 * @param now milliseconds since 1970
 */
export const removableEvents = (stream: StreamState, lastStored: number, now: number): Removable => {
  const view = viewOf(stream, now);
  if (view.view !== 'open') return ({ revision }) => revision < lastStored;
  return ({ revision, created }) =>
    revision < lastStored && (revision < view.first || created < view.createdSince);
};
