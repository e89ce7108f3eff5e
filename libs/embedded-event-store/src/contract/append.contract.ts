import { randomUUID } from 'node:crypto';
import {
  type AppendExpectedRevision,
  type AppendResult,
  binaryEvent,
  type EventData,
  jsonEvent,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { all, event, events, newStream, revisionsOf } from '../testing/events.js';
import { rawAppend } from '../testing/raw-requests.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

const MAX_APPEND_SIZE = 1024 * 1024;

/** Credentials make the client leave its batch call for one call an append; over plain HTTP they go no further. */
const WAYS = [
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'nobody', password: 'nothing' } }],
] as const;

export const appendContract = (server: () => ServerUnderTest): void => {
  describe.each(WAYS)('appending by %s', (_name, way) => {
    const append = (
      stream: string,
      batch: EventData[],
      expectedRevision: AppendExpectedRevision = 'any',
    ): Promise<AppendResult> => server().client.appendToStream(stream, batch, { expectedRevision, ...way });

    const read = (stream: string) => all(server().client.readStream(stream));

    const refusal = (stream: string, batch: EventData[], expectedRevision: AppendExpectedRevision) =>
      append(stream, batch, expectedRevision).then(
        () => 'accepted',
        (error: WrongExpectedVersionError) => ({
          type: error.type,
          expected: error.expectedVersion,
          actual: error.actualVersion,
        }),
      );

    it('answers with revision and position of the last event', async () => {
      const stream = newStream();
      const { nextExpectedRevision, position } = await append(stream, events(3), 'no_stream');
      const recorded = await read(stream);
      expect(nextExpectedRevision).toBe(2n);
      expect(revisionsOf(recorded)).toEqual([0, 1, 2]);
      expect(recorded.at(-1)?.event?.position).toEqual(position);
    });

    it('keeps what was written', async () => {
      const stream = newStream('Bestellung-ü');
      const id = randomUUID();
      const before = Date.now();
      await append(stream, [
        jsonEvent({ id, type: 'Jawohl', data: { text: 'naïve 😀' }, metadata: { cause: 'x' } }),
        binaryEvent({ type: 'Raw', data: Buffer.from([0, 255, 128]), metadata: Buffer.from([1, 2, 255]) }),
        jsonEvent({ type: 'Bare', data: [1, null] as unknown as Record<string, string> }),
      ]);
      const [json, binary, bare] = (await read(stream)).map((resolved) => resolved.event);
      expect(json).toMatchObject({
        id,
        streamId: stream,
        type: 'Jawohl',
        isJson: true,
        data: { text: 'naïve 😀' },
        metadata: { cause: 'x' },
      });
      expect(Math.abs(Number(json?.created.getTime()) - before)).toBeLessThan(60_000);
      expect(binary?.isJson).toBe(false);
      expect(Buffer.from(binary?.data as Uint8Array)).toEqual(Buffer.from([0, 255, 128]));
      expect(bare).toMatchObject({ data: [1, null], metadata: undefined });
    });

    it('writes an append in one piece, in stream and log', async () => {
      const [a, b] = [newStream('piece'), newStream('piece')];
      await Promise.all(Array.from({ length: 10 }, (_, turn) => append(turn % 2 === 0 ? a : b, events(5))));
      const log = (await all(server().client.readAll())).filter(
        ({ event: e }) => e?.streamId === a || e?.streamId === b,
      );
      const runs = log.map(({ event: e }) => `${e?.streamId} ${Math.floor(Number(e?.revision) / 5)}`);
      const starts = runs.filter((run, index) => index === 0 || run !== runs[index - 1]);
      expect(new Set(starts).size).toBe(starts.length);
      expect(log).toHaveLength(50);
    });

    it('refuses another revision than the current one, naming both', async () => {
      const stream = newStream();
      await append(stream, events(2));
      expect(await refusal(stream, events(1), 0n)).toMatchObject({ expected: 0n, actual: 1n });
      expect(await refusal(stream, events(1), 5n)).toMatchObject({ expected: 5n, actual: 1n });
      expect(await refusal(stream, events(1), 'no_stream')).toMatchObject({
        expected: 'no_stream',
        actual: 1n,
      });
      expect(await refusal(newStream(), events(1), 0n)).toMatchObject({ expected: 0n, actual: 'no_stream' });
      expect(await refusal(newStream(), events(1), 'stream_exists')).toMatchObject({
        type: 'wrong-expected-version',
        expected: 'stream_exists',
        actual: 'no_stream',
      });
      await expect(append(stream, events(1), 9n)).rejects.toBeInstanceOf(WrongExpectedVersionError);
    });

    it('accepts the revision it answered with', async () => {
      const stream = newStream();
      const { nextExpectedRevision } = await append(stream, events(2), 'no_stream');
      expect((await append(stream, events(1), nextExpectedRevision)).nextExpectedRevision).toBe(2n);
      expect((await append(stream, events(1), 'stream_exists')).nextExpectedRevision).toBe(3n);
    });

    it.each<AppendExpectedRevision>(['any', 'no_stream'])(
      'takes a repeat of a first append expecting %s for what it is',
      async (expected) => {
        const stream = newStream();
        const batch = events(3);
        const first = await append(stream, batch, expected);
        await append(stream, events(1));
        expect(await append(stream, batch, expected)).toEqual(first);
        expect(await read(stream)).toHaveLength(4);
      },
    );

    it('takes a repeat at an exact revision for what it is', async () => {
      const stream = newStream();
      await append(stream, events(2));
      const batch = events(2);
      const first = await append(stream, batch, 1n);
      expect(await append(stream, batch, 1n)).toEqual(first);
      expect(await read(stream)).toHaveLength(4);
    });

    it('refuses a repeat that brings something new along', async () => {
      const stream = newStream();
      const batch = events(2);
      await append(stream, batch, 'no_stream');
      const longer = [...batch, event()];
      expect(await refusal(stream, longer, 'any')).toMatchObject({ expected: 'any', actual: 1n });
      expect(await refusal(stream, longer, 'no_stream')).toMatchObject({ expected: 'no_stream', actual: 1n });
    });

    it('does not look at ids when the revision is exact', async () => {
      const stream = newStream();
      const batch = events(1);
      await append(stream, batch, 'no_stream');
      expect((await append(stream, batch, 0n)).nextExpectedRevision).toBe(1n);
    });

    it('lets the same id stand in two streams', async () => {
      const batch = events(1);
      const [a, b] = [newStream(), newStream()];
      await append(a, batch);
      await append(b, batch);
      expect(await read(b)).toHaveLength(1);
    });

    it('takes as much as the limit and not a byte more', async () => {
      const stream = newStream();
      const sized = (bytes: number) => [
        binaryEvent({ type: 'Large', data: Buffer.alloc(bytes - 2 * 'Large'.length) }),
      ];
      await append(stream, sized(MAX_APPEND_SIZE));
      await expect(append(stream, sized(MAX_APPEND_SIZE + 1))).rejects.toMatchObject({
        type: 'maximum-append-size-exceeded',
        maxAppendSize: MAX_APPEND_SIZE,
      });
      await expect(append(stream, [...sized(600_000), ...sized(600_000)])).rejects.toMatchObject({
        type: 'maximum-append-size-exceeded',
      });
      expect(await read(stream)).toHaveLength(1);
    });

    it('refuses far too much with the same error, and goes on', async () => {
      const stream = newStream();
      await expect(
        append(stream, [binaryEvent({ type: 'Large', data: Buffer.alloc(8 * MAX_APPEND_SIZE) })]),
      ).rejects.toMatchObject({ type: 'maximum-append-size-exceeded' });
      expect((await append(stream, events(1))).nextExpectedRevision).toBe(0n);
    });

    it('meets a deleted stream when it was tombstoned', async () => {
      const stream = newStream('naïve');
      await append(stream, events(1));
      await server().client.tombstoneStream(stream);
      await expect(append(stream, events(1))).rejects.toMatchObject({ type: 'stream-deleted' });
    });

    it('writes to 64 streams at once', async () => {
      const streams = Array.from({ length: 64 }, () => newStream());
      await Promise.all(streams.map((stream) => append(stream, events(3), 'no_stream')));
      const counts = await Promise.all(streams.map(async (stream) => (await read(stream)).length));
      expect(new Set(counts)).toEqual(new Set([3]));
    });
  });

  describe('appending what is incomplete', () => {
    const trailersOf = async (properties: Record<string, string>) => {
      const { error } = await rawAppend(server().raw, newStream(), [{ id: randomUUID(), properties }]);
      return { code: error?.code, ...error?.metadata.getMap() };
    };

    it.each<[string, Record<string, string>]>([
      ['type', { 'content-type': 'application/json' }],
      ['content-type', { type: 'Happened' }],
    ])('is refused without %s', async (_missing, properties) =>
      expect(await trailersOf(properties)).toMatchObject({
        code: 3,
        exception: 'missing-required-metadata-property',
        'required-metadata-properties': 'type,content-type',
      }),
    );

    it('is refused without a stream name', async () => {
      const { error } = await rawAppend(server().raw, '', [{ id: randomUUID() }]);
      expect(error?.code).toBe(3);
    });
  });
};
