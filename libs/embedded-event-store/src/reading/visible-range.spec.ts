import { NO_EVENTS, TOMBSTONE_REVISION } from '../log/revision.js';
import type { StreamMetadata } from '../log/stream-metadata.js';
import { viewOf } from './visible-range.js';

const NOW = 1_000_000;

const view = (lastRevision: number, metadata: StreamMetadata = {}, streamId: number | undefined = 7) =>
  viewOf({ streamId, lastRevision, metadata, hasMetadata: true }, NOW);

describe('what a reader sees of a stream', () => {
  it('is everything when its metadata hides nothing', () =>
    expect(view(4)).toEqual({ view: 'open', streamId: 7, first: 0, last: 4, createdSince: 0 }));
  it('is its last events with $maxCount', () =>
    expect(view(4, { maxCount: 2 })).toMatchObject({ first: 3, last: 4 }));
  it('is all of them when there are fewer than $maxCount', () =>
    expect(view(1, { maxCount: 5 })).toMatchObject({ first: 0, last: 1 }));
  it('begins at $tb', () => expect(view(4, { truncateBefore: 2 })).toMatchObject({ first: 2, last: 4 }));
  it('begins at the later of $tb and $maxCount', () => {
    expect(view(9, { truncateBefore: 2, maxCount: 3 })).toMatchObject({ first: 7 });
    expect(view(9, { truncateBefore: 8, maxCount: 3 })).toMatchObject({ first: 8 });
  });
  it('is nothing, but not a missing stream, when $tb is behind the end', () =>
    expect(view(4, { truncateBefore: 10 })).toMatchObject({ view: 'open', first: 10, last: 4 }));
  it('is what is younger than $maxAge seconds', () =>
    expect(view(4, { maxAge: 60 })).toMatchObject({ createdSince: NOW - 60_000 }));
  it('is not found when it was never written to', () => {
    expect(view(NO_EVENTS)).toEqual({ view: 'not-found' });
    expect(
      viewOf({ streamId: undefined, lastRevision: NO_EVENTS, metadata: {}, hasMetadata: false }, NOW),
    ).toEqual({
      view: 'not-found',
    });
  });
  it('is not found when it is soft-deleted', () =>
    expect(view(4, { truncateBefore: TOMBSTONE_REVISION })).toEqual({ view: 'not-found' }));
  it('is deleted when it is tombstoned', () => expect(view(TOMBSTONE_REVISION)).toEqual({ view: 'deleted' }));
});
