import { NO_EVENTS, TOMBSTONE_REVISION } from '../log/revision.js';
import { NO_METADATA } from '../log/stream-metadata.js';
import type { StreamState } from '../log/stream-state.js';
import { type AppendDecision, decideAppend, type KnownEvents } from './decide-append.js';
import type { ExpectedRevision } from './expected-revision.js';

const id = (name: string): Uint8Array => Buffer.from(name.padEnd(16, '.'));

/** The events a stream holds, by the names of their ids; the position is ten times the revision. */
const holding = (names: readonly string[]): KnownEvents => {
  const stored = names.map((name, revision) => ({ revision, position: revision * 10, id: id(name) }));
  return {
    withId: (wanted) => stored.find((event) => Buffer.compare(event.id, wanted) === 0),
    atRevision: (revision) => stored[revision],
  };
};

interface Example {
  readonly stored?: readonly string[];
  readonly expected: ExpectedRevision;
  readonly ids: readonly string[];
  readonly softDeleted?: boolean;
  readonly tombstoned?: boolean;
  readonly hasMetadata?: boolean;
}

const decide = ({
  stored = [],
  expected,
  ids,
  softDeleted,
  tombstoned,
  hasMetadata,
}: Example): AppendDecision => {
  const stream: StreamState = {
    streamId: stored.length > 0 ? 1 : undefined,
    lastRevision: tombstoned ? TOMBSTONE_REVISION : stored.length > 0 ? stored.length - 1 : NO_EVENTS,
    metadata: softDeleted ? { truncateBefore: TOMBSTONE_REVISION } : NO_METADATA,
    hasMetadata: hasMetadata ?? softDeleted ?? false,
  };
  return decideAppend(expected, stream, ids.map(id), holding(stored));
};

const append = { decision: 'append' };
const wrong = { decision: 'wrong-expected-version' };
const deleted = { decision: 'stream-deleted' };
const idempotent = (revision: number): AppendDecision => ({
  decision: 'idempotent',
  revision,
  position: revision * 10,
});

describe('an append to a tombstoned stream', () => {
  it.each<ExpectedRevision>(['any', 'no_stream', 'stream_exists', 0n, 5n])(
    'expecting %s meets a deleted stream',
    (expected) => expect(decide({ tombstoned: true, stored: ['a'], expected, ids: ['a'] })).toEqual(deleted),
  );
});

describe('an append expecting that the stream exists', () => {
  it('is refused when there are neither events nor metadata', () =>
    expect(decide({ expected: 'stream_exists', ids: ['a'] })).toEqual(wrong));
  it('is accepted when there is metadata only', () =>
    expect(decide({ expected: 'stream_exists', ids: ['a'], hasMetadata: true })).toEqual(append));
  it('is accepted when there are events', () =>
    expect(decide({ stored: ['a'], expected: 'stream_exists', ids: ['b'] })).toEqual(append));
  it('meets a deleted stream when it is soft-deleted', () =>
    expect(decide({ stored: ['a'], expected: 'stream_exists', ids: ['b'], softDeleted: true })).toEqual(
      deleted,
    ));
});

describe.each<ExpectedRevision>(['any', 'stream_exists'])('an append expecting %s', (expected) => {
  const stored = ['a', 'b', 'c'];
  it('is written when its first id is new', () =>
    expect(decide({ stored, expected, ids: ['d', 'e'] })).toEqual(append));
  it('is written even if a later id is known', () =>
    expect(decide({ stored, expected, ids: ['d', 'a'] })).toEqual(append));
  it('is a repeat when all ids are known, and answers with the last of them', () =>
    expect(decide({ stored, expected, ids: ['a', 'b'] })).toEqual(idempotent(1)));
  it('is refused when only its first ids are known', () =>
    expect(decide({ stored, expected, ids: ['c', 'd'] })).toEqual(wrong));
  it('is accepted without events', () => expect(decide({ stored, expected, ids: [] })).toEqual(append));
});

describe('an append expecting a revision below the current one', () => {
  const stored = ['a', 'b', 'c'];
  it('is a repeat when its ids stand there', () =>
    expect(decide({ stored, expected: 0n, ids: ['b', 'c'] })).toEqual(idempotent(2)));
  it('is a repeat when its ids stand there and more follow', () =>
    expect(decide({ stored, expected: 0n, ids: ['b'] })).toEqual(idempotent(1)));
  it('is refused when its first id differs', () =>
    expect(decide({ stored, expected: 0n, ids: ['x', 'c'] })).toEqual(wrong));
  it('is refused when a later id differs', () =>
    expect(decide({ stored, expected: 0n, ids: ['b', 'x'] })).toEqual(wrong));
  it('is refused when it goes on behind the end', () =>
    expect(decide({ stored, expected: 0n, ids: ['b', 'c', 'd'] })).toEqual(wrong));
  it('is refused without events', () => expect(decide({ stored, expected: 0n, ids: [] })).toEqual(wrong));
});

describe('an append expecting no stream', () => {
  it('is written when there is none', () =>
    expect(decide({ expected: 'no_stream', ids: ['a'] })).toEqual(append));
  it('is written when there is metadata only', () =>
    expect(decide({ expected: 'no_stream', ids: ['a'], hasMetadata: true })).toEqual(append));
  it('is a repeat when its ids stand at the beginning', () =>
    expect(decide({ stored: ['a', 'b'], expected: 'no_stream', ids: ['a'] })).toEqual(idempotent(0)));
  it('is refused when another event stands there', () =>
    expect(decide({ stored: ['a'], expected: 'no_stream', ids: ['x'] })).toEqual(wrong));
  it('reopens a soft-deleted stream', () =>
    expect(decide({ stored: ['a'], expected: 'no_stream', ids: ['x'], softDeleted: true })).toEqual(append));
  it('is a repeat on a soft-deleted stream that began with its ids', () =>
    expect(decide({ stored: ['a'], expected: 'no_stream', ids: ['a'], softDeleted: true })).toEqual(
      idempotent(0),
    ));
  it('is refused on a soft-deleted stream when a later id differs', () =>
    expect(decide({ stored: ['a', 'b'], expected: 'no_stream', ids: ['a', 'x'], softDeleted: true })).toEqual(
      wrong,
    ));
});

describe('an append expecting the current revision', () => {
  it('is written', () => expect(decide({ stored: ['a', 'b'], expected: 1n, ids: ['c'] })).toEqual(append));
  it('is written without a look at the ids', () =>
    expect(decide({ stored: ['a', 'b'], expected: 1n, ids: ['a'] })).toEqual(append));
  it('reopens a soft-deleted stream', () =>
    expect(decide({ stored: ['a'], expected: 0n, ids: ['b'], softDeleted: true })).toEqual(append));
});

describe('an append expecting a revision above the current one', () => {
  it('is refused', () => expect(decide({ stored: ['a'], expected: 1n, ids: ['b'] })).toEqual(wrong));
  it('is refused on a stream that never was', () =>
    expect(decide({ expected: 0n, ids: ['a'] })).toEqual(wrong));
  it('is refused on a soft-deleted stream', () =>
    expect(decide({ stored: ['a'], expected: 1n, ids: ['b'], softDeleted: true })).toEqual(wrong));
  it('is refused for revisions beyond what a number can hold', () =>
    expect(decide({ stored: ['a'], expected: 2n ** 63n, ids: ['b'] })).toEqual(wrong));
});
