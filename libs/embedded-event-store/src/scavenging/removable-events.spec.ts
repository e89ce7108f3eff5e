import { TOMBSTONE_REVISION } from '../log/revision.js';
import type { StreamMetadata } from '../log/stream-metadata.js';
import { removableEvents } from './removable-events.js';

const NOW = 1_000_000;
const SOFT_DELETED = { truncateBefore: TOMBSTONE_REVISION };

/** Of a stream with revisions 0–4, a second apart, the last one a second ago: those that may go. */
const removable = (metadata: StreamMetadata, lastRevision = 4) => {
  const stream = { streamId: 7, lastRevision, metadata, hasMetadata: true };
  const mayGo = removableEvents(stream, 4, NOW);
  return [0, 1, 2, 3, 4].filter((revision) => mayGo({ revision, created: NOW - (5 - revision) * 1000 }));
};

describe('of a stream may be removed', () => {
  it('nothing when nothing is hidden', () => expect(removable({})).toEqual([]));
  it('what $maxCount hides', () => expect(removable({ maxCount: 2 })).toEqual([0, 1, 2]));
  it('what $tb hides', () => expect(removable({ truncateBefore: 2 })).toEqual([0, 1]));
  it('what $maxAge hides', () => expect(removable({ maxAge: 3 })).toEqual([0, 1]));
  it('what any of them hides', () =>
    expect(removable({ maxCount: 4, truncateBefore: 3, maxAge: 4 })).toEqual([0, 1, 2]));
  it('never the last event, however it is hidden', () => {
    expect(removable({ truncateBefore: 9 })).toEqual([0, 1, 2, 3]);
    expect(removable(SOFT_DELETED)).toEqual([0, 1, 2, 3]);
  });
  it('everything before its tombstone', () =>
    expect(removable({}, TOMBSTONE_REVISION)).toEqual([0, 1, 2, 3]));
});
