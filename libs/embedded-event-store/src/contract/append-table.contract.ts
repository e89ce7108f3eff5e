import { randomUUID } from 'node:crypto';
import type { AppendExpectedRevision, EventData, WrongExpectedVersionError } from '@eventstore/db-client';
import { all, event, newStream, revisionsOf } from '../testing/events.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

/** Credentials make the client leave its batch call for one call an append; over plain HTTP they go no further. */
const WAYS = [
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'nobody', password: 'nothing' } }],
] as const;

interface Row {
  /** Names of the events the stream holds, in order. */
  readonly stored?: readonly string[];
  readonly state?: 'soft-deleted' | 'tombstoned' | 'metadata-only';
  readonly expected: AppendExpectedRevision;
  /** Names of the events that are appended. */
  readonly appended: readonly string[];
  /** The revision answered, or the type of the error. */
  readonly answer: number | 'wrong-expected-version' | 'stream-deleted';
  /** What can be read afterwards; left out where nothing changes. */
  readonly visible?: readonly number[];
}

const ABC = ['a', 'b', 'c'];
const CONFLICT = 'wrong-expected-version';
const DELETED = 'stream-deleted';

const TABLE: readonly Row[] = [
  // expecting any, or that the stream exists: the ids decide
  { expected: 'any', appended: ['x'], answer: 0, visible: [0] },
  { stored: ABC, expected: 'any', appended: ['x', 'y'], answer: 4, visible: [0, 1, 2, 3, 4] },
  { stored: ABC, expected: 'any', appended: ['a', 'b'], answer: 1 },
  { stored: ABC, expected: 'any', appended: ['b', 'c'], answer: 2 },
  { stored: ABC, expected: 'any', appended: ['c', 'x'], answer: CONFLICT },
  { stored: ABC, expected: 'any', appended: ['x', 'a'], answer: 4, visible: [0, 1, 2, 3, 4] },
  { stored: ABC, expected: 'stream_exists', appended: ['x'], answer: 3, visible: [0, 1, 2, 3] },
  { stored: ABC, expected: 'stream_exists', appended: ABC, answer: 2 },
  { stored: ABC, expected: 'stream_exists', appended: ['c', 'x'], answer: CONFLICT },
  { expected: 'stream_exists', appended: ['x'], answer: CONFLICT },
  { state: 'metadata-only', expected: 'stream_exists', appended: ['x'], answer: 0, visible: [0] },
  // below the current revision: only a repeat
  { stored: ABC, expected: 0n, appended: ['b', 'c'], answer: 2 },
  { stored: ABC, expected: 0n, appended: ['b'], answer: 1 },
  { stored: ABC, expected: 0n, appended: ['x'], answer: CONFLICT },
  { stored: ABC, expected: 0n, appended: ['x', 'c'], answer: CONFLICT },
  { stored: ABC, expected: 0n, appended: ['b', 'x'], answer: CONFLICT },
  { stored: ABC, expected: 0n, appended: ['b', 'c', 'x'], answer: CONFLICT },
  { stored: ABC, expected: 'no_stream', appended: ABC, answer: 2 },
  { stored: ABC, expected: 'no_stream', appended: ['a'], answer: 0 },
  { stored: ABC, expected: 'no_stream', appended: ['x'], answer: CONFLICT },
  { stored: ABC, expected: 'no_stream', appended: ['a', 'x'], answer: CONFLICT },
  // the current revision: ids are not looked at
  { expected: 'no_stream', appended: ['x'], answer: 0, visible: [0] },
  { state: 'metadata-only', expected: 'no_stream', appended: ['x'], answer: 0, visible: [0] },
  { stored: ABC, expected: 2n, appended: ['x'], answer: 3, visible: [0, 1, 2, 3] },
  { stored: ABC, expected: 2n, appended: ['a', 'a'], answer: 4, visible: [0, 1, 2, 3, 4] },
  // above it
  { expected: 0n, appended: ['x'], answer: CONFLICT },
  { stored: ABC, expected: 3n, appended: ['x'], answer: CONFLICT },
  { stored: ABC, expected: 3n, appended: ['c'], answer: CONFLICT },
  // soft-deleted
  { stored: ABC, state: 'soft-deleted', expected: 'any', appended: ['x'], answer: 3, visible: [3] },
  { stored: ABC, state: 'soft-deleted', expected: 'any', appended: ['a', 'b'], answer: 1, visible: [] },
  {
    stored: ABC,
    state: 'soft-deleted',
    expected: 'any',
    appended: ['a', 'x'],
    answer: CONFLICT,
    visible: [],
  },
  {
    stored: ABC,
    state: 'soft-deleted',
    expected: 'stream_exists',
    appended: ['x'],
    answer: DELETED,
    visible: [],
  },
  { stored: ABC, state: 'soft-deleted', expected: 'no_stream', appended: ['x'], answer: 3, visible: [3] },
  { stored: ABC, state: 'soft-deleted', expected: 'no_stream', appended: ABC, answer: 2, visible: [] },
  {
    stored: ABC,
    state: 'soft-deleted',
    expected: 'no_stream',
    appended: ['a', 'x'],
    answer: CONFLICT,
    visible: [],
  },
  { stored: ABC, state: 'soft-deleted', expected: 0n, appended: ['b'], answer: 1, visible: [] },
  { stored: ABC, state: 'soft-deleted', expected: 0n, appended: ['x'], answer: CONFLICT, visible: [] },
  { stored: ABC, state: 'soft-deleted', expected: 2n, appended: ['x', 'a'], answer: 4, visible: [3, 4] },
  { stored: ABC, state: 'soft-deleted', expected: 3n, appended: ['x'], answer: CONFLICT, visible: [] },
  // tombstoned: whatever is expected
  { stored: ABC, state: 'tombstoned', expected: 'any', appended: ['x'], answer: DELETED },
  { stored: ABC, state: 'tombstoned', expected: 'any', appended: ABC, answer: DELETED },
  { stored: ABC, state: 'tombstoned', expected: 'stream_exists', appended: ['x'], answer: DELETED },
  { stored: ABC, state: 'tombstoned', expected: 'no_stream', appended: ABC, answer: DELETED },
  { stored: ABC, state: 'tombstoned', expected: 2n, appended: ['x'], answer: DELETED },
  { state: 'tombstoned', expected: 'no_stream', appended: ['x'], answer: DELETED },
];

const titled = TABLE.map((row): [string, Row] => {
  const { stored = [], state = 'open', expected, appended, answer } = row;
  const shown = typeof expected === 'bigint' ? `revision ${expected}` : expected;
  return [`[${stored}] ${state}, expecting ${shown}: [${appended}] → ${answer}`, row];
});

export const appendTableContract = (server: () => ServerUnderTest): void => {
  describe.each(WAYS)('the table of appends, by %s', (_name, way) => {
    const visible = (stream: string): Promise<number[] | string> =>
      all(server().client.readStream(stream)).then(revisionsOf, (error: { type: string }) => error.type);

    it.each(titled)(
      '%s',
      async (_title, { stored = [], state, expected, appended, answer, visible: after }) => {
        const { client } = server();
        const stream = newStream('naïve');
        const ids = new Map<string, string>();
        const named = (names: readonly string[]): EventData[] =>
          names.map((name) => {
            const id = ids.get(name) ?? randomUUID();
            ids.set(name, id);
            return event({ name }, id);
          });
        if (stored.length > 0)
          await client.appendToStream(stream, named(stored), { expectedRevision: 'no_stream' });
        const positions =
          stored.length === 0
            ? []
            : (await all(client.readStream(stream))).map(({ event: recorded }) => recorded?.position);
        if (state === 'metadata-only') await client.setStreamMetadata(stream, { maxCount: 10 });
        if (state === 'soft-deleted') await client.deleteStream(stream);
        if (state === 'tombstoned') await client.tombstoneStream(stream);
        const before = await visible(stream);
        const outcome = await client
          .appendToStream(stream, named(appended), { expectedRevision: expected, ...way })
          .catch((error: WrongExpectedVersionError) => error);

        if (typeof answer === 'string') {
          expect(outcome).toMatchObject({ type: answer });
          if (answer === CONFLICT) {
            expect(outcome).toMatchObject({
              expectedVersion: expected,
              actualVersion: stored.length > 0 ? BigInt(stored.length - 1) : 'no_stream',
            });
          }
        } else {
          expect(outcome).toMatchObject({ success: true, nextExpectedRevision: BigInt(answer) });
          // A repeat answers with the place the event has had all the time.
          if (answer < positions.length) expect(outcome).toMatchObject({ position: positions[answer] });
        }
        const expectedView = after?.length === 0 ? 'stream-not-found' : after;
        expect(await visible(stream)).toEqual(expectedView ?? before);
      },
    );
  });
};
