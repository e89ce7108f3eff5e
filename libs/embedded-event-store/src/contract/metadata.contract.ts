import { setTimeout } from 'node:timers/promises';
import { BACKWARDS, END } from '@eventstore/db-client';
import { all, events, newStream, revisionsOf } from '../testing/events.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

export const metadataContract = (server: () => ServerUnderTest): void => {
  const given = async (count: number, stream = newStream()): Promise<string> => {
    await server().client.appendToStream(stream, events(count));
    return stream;
  };
  const visible = async (stream: string) => revisionsOf(await all(server().client.readStream(stream)));

  describe('stream metadata', () => {
    it('can be set and read, with keys of one’s own', async () => {
      const stream = newStream();
      const metadata = { maxCount: 5, maxAge: 60, truncateBefore: 1, cacheControl: 7, owner: 'me' };
      await server().client.setStreamMetadata(stream, metadata);
      const found = await server().client.getStreamMetadata(stream);
      expect(found.metadata).toEqual(metadata);
    });

    it('does not make a stream', async () => {
      const stream = newStream();
      await server().client.setStreamMetadata(stream, { maxCount: 5 });
      await expect(visible(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
      const { nextExpectedRevision } = await server().client.appendToStream(stream, events(1), {
        expectedRevision: 'no_stream',
      });
      expect(nextExpectedRevision).toBe(0n);
    });

    it('shows its last version only', async () => {
      const stream = newStream();
      await server().client.setStreamMetadata(stream, { maxCount: 5 });
      await server().client.setStreamMetadata(stream, { maxCount: 6 });
      expect(await visible(`$$${stream}`)).toEqual([1]);
      expect((await server().client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 6 });
    });

    it('honours expected revisions', async () => {
      const stream = newStream();
      await server().client.setStreamMetadata(stream, { maxCount: 5 }, { expectedRevision: 'no_stream' });
      await expect(
        server().client.setStreamMetadata(stream, { maxCount: 6 }, { expectedRevision: 'no_stream' }),
      ).rejects.toMatchObject({ type: 'wrong-expected-version' });
    });

    it('$maxCount hides all but the last events, and revisions go on', async () => {
      const stream = await given(5);
      await server().client.setStreamMetadata(stream, { maxCount: 2 });
      expect(await visible(stream)).toEqual([3, 4]);
      await given(1, stream);
      expect(await visible(stream)).toEqual([4, 5]);
      const backwards = server().client.readStream(stream, { direction: BACKWARDS, fromRevision: END });
      expect(revisionsOf(await all(backwards))).toEqual([5, 4]);
    });

    it('$tb hides what is before it', async () => {
      const stream = await given(5);
      await server().client.setStreamMetadata(stream, { truncateBefore: 3 });
      expect(await visible(stream)).toEqual([3, 4]);
      const from = server().client.readStream(stream, { fromRevision: 1n, maxCount: 1 });
      expect(revisionsOf(await all(from)).filter((revision) => revision < 3)).toEqual([]);
    });

    it('that hides everything leaves an empty stream, which is no error', async () => {
      const stream = await given(3);
      await server().client.setStreamMetadata(stream, { truncateBefore: 10 });
      expect(await visible(stream)).toEqual([]);
    });

    it('$maxAge hides what is older', async () => {
      const stream = await given(2);
      await server().client.setStreamMetadata(stream, { maxAge: 1 });
      await setTimeout(1200);
      await given(1, stream);
      expect(await visible(stream)).toEqual([2]);
    });

    it('set on a soft-deleted stream brings it back without its old events', async () => {
      const stream = await given(2);
      await server().client.deleteStream(stream);
      await server().client.setStreamMetadata(stream, { owner: 'me' });
      expect(await visible(stream)).toEqual([]);
      await given(1, stream);
      expect(await visible(stream)).toEqual([2]);
    });

    it('keeps its other keys when a deleted stream is reopened by new metadata', async () => {
      const stream = await given(2);
      await server().client.deleteStream(stream);
      await server().client.setStreamMetadata(stream, { owner: 'me' });
      expect((await server().client.getStreamMetadata(stream)).metadata).toEqual({
        owner: 'me',
        truncateBefore: 2,
      });
    });
  });
};
