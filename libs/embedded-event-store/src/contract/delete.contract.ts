import { streams } from '../protocol/generated.js';
import { all, events, newStream, revisionsOf } from '../testing/events.js';
import { empty, rawDelete, streamIdentifier } from '../testing/raw-requests.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

export const deleteContract = (server: () => ServerUnderTest): void => {
  const given = async (count: number, stream = newStream()): Promise<string> => {
    await server().client.appendToStream(stream, events(count));
    return stream;
  };
  const read = (stream: string) => all(server().client.readStream(stream));

  describe('deleting a stream', () => {
    it('makes it not found', async () => {
      const stream = await given(3);
      const { position } = await server().client.deleteStream(stream, { expectedRevision: 2n });
      expect(position?.commit).toBeGreaterThan(0n);
      await expect(read(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
    });

    it.each(['any', 'no_stream', 2n] as const)(
      'lets an append expecting %s reopen it',
      async (expectedRevision) => {
        const stream = await given(3);
        await server().client.deleteStream(stream);
        const { nextExpectedRevision } = await server().client.appendToStream(stream, events(2), {
          expectedRevision,
        });
        expect(nextExpectedRevision).toBe(4n);
        expect(revisionsOf(await read(stream))).toEqual([3, 4]);
      },
    );

    it('does not let an append expecting that it exists reopen it', async () => {
      const stream = await given(1);
      await server().client.deleteStream(stream);
      await expect(
        server().client.appendToStream(stream, events(1), { expectedRevision: 'stream_exists' }),
      ).rejects.toMatchObject({ type: 'stream-deleted' });
    });

    it('can be done again after it was reopened', async () => {
      const stream = await given(1);
      await server().client.deleteStream(stream);
      await given(1, stream);
      await server().client.deleteStream(stream);
      await expect(read(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
      await given(1, stream);
      expect(revisionsOf(await read(stream))).toEqual([2]);
    });

    it('keeps its events in $all', async () => {
      const stream = await given(2);
      await server().client.deleteStream(stream);
      const kept = (await all(server().client.readAll())).filter(({ event: e }) => e?.streamId === stream);
      expect(revisionsOf(kept)).toEqual([0, 1]);
    });

    it('needs the revision it was told to expect', async () => {
      const stream = await given(2);
      await expect(server().client.deleteStream(stream, { expectedRevision: 0n })).rejects.toMatchObject({
        type: 'wrong-expected-version',
        streamName: stream,
        expectedVersion: 0n,
        actualVersion: 1n,
      });
      expect(await read(stream)).toHaveLength(2);
    });

    it('that never was is a version conflict', async () => {
      await expect(server().client.deleteStream(newStream(), { expectedRevision: 3n })).rejects.toMatchObject(
        {
          type: 'wrong-expected-version',
          expectedVersion: 3n,
          actualVersion: -1n,
        },
      );
      await expect(server().client.deleteStream(newStream())).rejects.toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: -2n,
      });
    });

    it('knows the expectation that the stream exists', async () => {
      const options = (stream: string) =>
        new streams.DeleteReq.Options()
          .setStreamIdentifier(streamIdentifier(stream))
          .setStreamExists(empty());
      const { error } = await rawDelete(server().raw, options(newStream()));
      expect(error?.metadata.getMap()).toMatchObject({
        exception: 'wrong-expected-version',
        'expected-version': '-4',
        'actual-version': '-1',
      });
      const existing = await given(1);
      expect((await rawDelete(server().raw, options(existing))).error).toBeUndefined();
    });
  });

  describe('tombstoning a stream', () => {
    it('closes it for good', async () => {
      const stream = await given(2);
      await server().client.tombstoneStream(stream, { expectedRevision: 1n });
      const deleted = { type: 'stream-deleted', streamName: stream };
      await expect(read(stream)).rejects.toMatchObject(deleted);
      await expect(server().client.appendToStream(stream, events(1))).rejects.toMatchObject(deleted);
      await expect(server().client.deleteStream(stream)).rejects.toMatchObject(deleted);
      await expect(server().client.tombstoneStream(stream)).rejects.toMatchObject(deleted);
      await expect(server().client.setStreamMetadata(stream, { maxCount: 1 })).rejects.toMatchObject({
        type: 'stream-deleted',
      });
    });

    it('is possible for one that never was', async () => {
      const stream = newStream();
      await server().client.tombstoneStream(stream, { expectedRevision: 'no_stream' });
      await expect(read(stream)).rejects.toMatchObject({ type: 'stream-deleted' });
    });

    it('is possible for one that is soft-deleted', async () => {
      const stream = await given(1);
      await server().client.deleteStream(stream);
      await server().client.tombstoneStream(stream);
      await expect(read(stream)).rejects.toMatchObject({ type: 'stream-deleted' });
    });

    it('needs the revision it was told to expect', async () => {
      const stream = await given(2);
      await expect(server().client.tombstoneStream(stream, { expectedRevision: 5n })).rejects.toMatchObject({
        type: 'wrong-expected-version',
        expectedVersion: 5n,
        actualVersion: 1n,
      });
    });

    it('carries names that are not ASCII percent-encoded', async () => {
      if (!server().embedded) return;
      const stream = await given(1, newStream('naïve 100%'));
      await server().client.tombstoneStream(stream);
      await expect(read(stream)).rejects.toMatchObject({
        type: 'stream-deleted',
        streamName: stream.replace('ï', '%C3%AF').replace('100%', '100%25'),
      });
    });
  });
};
