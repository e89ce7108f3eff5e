import { randomUUID } from 'node:crypto';
import { AccessDeniedError, MaxAppendSizeExceededError } from '@eventstore/db-client';
import type { ServiceError } from '@grpc/grpc-js';
import { streams } from '../protocol/generated.js';
import { events, newStream } from '../testing/events.js';
import {
  allReadOptions,
  appendOptions,
  batchChunk,
  empty,
  rawAppend,
  rawBatchAppend,
  rawDelete,
  rawRead,
  rawTombstone,
  streamIdentifier,
  streamReadOptions,
} from '../testing/raw-requests.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

const FAILED_PRECONDITION = 9;
const MEGABYTE = 1024 * 1024;

export const errorContract = (server: () => ServerUnderTest): void => {
  const one = () => [{ id: randomUUID() }];
  const refusal = (error: ServiceError | undefined) => ({ code: error?.code, ...error?.metadata.getMap() });
  const deleteOptions = (stream: string) =>
    new streams.DeleteReq.Options().setStreamIdentifier(streamIdentifier(stream));
  const tombstoneOptions = (stream: string) =>
    new streams.TombstoneReq.Options().setStreamIdentifier(streamIdentifier(stream));

  describe('an error carries what the client reads', () => {
    it.each([
      ['ASCII', 'order', ''],
      ['not ASCII', 'naïve – 注文 100%', 'na%C3%AFve %E2%80%93 %E6%B3%A8%E6%96%87 100%25'],
    ])(
      'of a tombstoned stream whose name is %s, whatever is asked of it',
      async (_kind, category, encoded) => {
        const { client, raw, embedded } = server();
        const stream = newStream(category);
        await client.tombstoneStream(stream);
        const expected = {
          code: FAILED_PRECONDITION,
          exception: 'stream-deleted',
          ...((encoded === '' || embedded) && {
            'stream-name': encoded === '' ? stream : stream.replace(category, encoded),
          }),
        };
        expect(refusal((await rawRead(raw, streamReadOptions(stream))).error)).toMatchObject(expected);
        expect(refusal((await rawAppend(raw, stream, one())).error)).toMatchObject(expected);
        expect(refusal((await rawDelete(raw, deleteOptions(stream).setAny(empty()))).error)).toMatchObject(
          expected,
        );
        const tombstone = await rawTombstone(raw, tombstoneOptions(stream).setAny(empty()));
        expect(refusal(tombstone.error)).toMatchObject(expected);
      },
    );

    it.each([
      ['any', '-2', (to: Expectable) => to.setAny(empty())],
      ['no stream', '-1', (to: Expectable) => to.setNoStream(empty())],
      ['that it exists', '-4', (to: Expectable) => to.setStreamExists(empty())],
      ['a revision', '7', (to: Expectable) => to.setRevision('7')],
    ] as const)('of a deletion expecting %s of what never was', async (_kind, version, expecting) => {
      const stream = newStream('naïve');
      const options = deleteOptions(stream);
      expecting(options);
      const { error } = await rawDelete(server().raw, options);
      expect(refusal(error)).toMatchObject({
        code: FAILED_PRECONDITION,
        exception: 'wrong-expected-version',
        'expected-version': version,
        'actual-version': '-1',
        ...(server().embedded && { 'stream-name': stream.replace('ï', '%C3%AF') }),
      });
    });

    it.each([
      ['no stream', '-1', (to: Expectable) => to.setNoStream(empty())],
      ['a revision', '7', (to: Expectable) => to.setRevision('7')],
    ] as const)('of a tombstone expecting %s in vain', async (_kind, version, expecting) => {
      const stream = newStream();
      await server().client.appendToStream(stream, events(3));
      const options = tombstoneOptions(stream);
      expecting(options);
      const { error } = await rawTombstone(server().raw, options);
      expect(refusal(error)).toMatchObject({
        code: FAILED_PRECONDITION,
        exception: 'wrong-expected-version',
        'stream-name': stream,
        'expected-version': version,
        'actual-version': '2',
      });
    });

    it('of an append that is too large, up to a message of 16 MiB', async () => {
      const stream = newStream();
      const sized = (bytes: number) => [{ id: randomUUID(), data: Buffer.alloc(bytes, 'x') }];
      for (const bytes of [2 * MEGABYTE, 15.9 * MEGABYTE]) {
        const { error } = await rawAppend(server().raw, stream, sized(bytes));
        expect(refusal(error)).toMatchObject({
          code: 3,
          exception: 'maximum-append-size-exceeded',
          'maximum-append-size': String(MEGABYTE),
        });
      }
      const { error } = await rawAppend(server().raw, stream, sized(16.1 * MEGABYTE));
      expect(error?.code).toBe(8);
      const { answers } = await rawBatchAppend(server().raw, [
        batchChunk({
          correlationId: randomUUID(),
          streamName: stream,
          events: sized(15.9 * MEGABYTE),
          final: true,
        }),
      ]);
      expect(answers.map((answer) => answer.getError()?.getDetails()?.getTypeName())).toEqual([
        'event_store.client.MaximumAppendSizeExceeded',
      ]);
      const tooLarge = server().client.appendToStream(stream, events(1), { credentials: NOBODY });
      expect((await tooLarge).nextExpectedRevision).toBe(0n);
    });

    it('of a write to $all, by either way', async () => {
      const { client, embedded } = server();
      if (!embedded) return;
      await expect(client.appendToStream('$all', events(1))).rejects.toBeInstanceOf(AccessDeniedError);
      const { error } = await rawAppend(server().raw, '$all', one());
      expect(refusal(error)).toMatchObject({ code: 7, exception: 'access-denied' });
    });

    it('in the class the client makes of it', async () => {
      const large = { ...events(1)[0], data: { text: 'x'.repeat(2 * MEGABYTE) } };
      const refused = server().client.appendToStream(newStream(), [large as never]);
      await expect(refused).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
    });

    it.each([
      ['a stream name', (to: ReturnType<typeof appendOptions>) => to.setStreamIdentifier(undefined)],
      ['an expected revision', (to: ReturnType<typeof appendOptions>) => to.setAny(undefined)],
    ])('of an append without %s', async (_kind, without) => {
      const { error } = await rawAppend(server().raw, without(appendOptions(newStream())), one());
      expect(error?.code).toBe(3);
    });

    it('of a read that cannot begin where it is told to', async () => {
      const all = new streams.ReadReq.Options.AllOptions();
      const { error } = await rawRead(server().raw, allReadOptions().setAll(all));
      expect(error?.code).toBe(3);
    });
  });
};

const NOBODY = { username: 'nobody', password: 'nothing' };

interface Expectable {
  setAny(value: ReturnType<typeof empty>): unknown;
  setNoStream(value: ReturnType<typeof empty>): unknown;
  setStreamExists(value: ReturnType<typeof empty>): unknown;
  setRevision(value: string): unknown;
}
