import { randomUUID } from 'node:crypto';
import { BACKWARDS, END, FORWARDS, START } from '@eventstore/db-client';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { formatEventId } from '../log/event-id.js';
import { streams } from '../protocol/generated.js';
import { parseUuid } from '../protocol/uuid.js';
import { all, event, events, newStream, revisionsOf } from '../testing/events.js';
import {
  allReadOptions,
  empty,
  prefixFilter,
  rawAppend,
  rawRead,
  streamReadOptions,
} from '../testing/raw-requests.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

export const readContract = (server: () => ServerUnderTest): void => {
  const given = async (count: number): Promise<string> => {
    const stream = newStream();
    await server().client.appendToStream(stream, events(count));
    return stream;
  };

  describe('reading a stream', () => {
    const revisions = async (
      stream: string,
      options: Parameters<ServerUnderTest['client']['readStream']>[1],
    ) => revisionsOf(await all(server().client.readStream(stream, options)));

    it('begins with the revision asked for, in both directions', async () => {
      const stream = await given(5);
      expect(await revisions(stream, { fromRevision: 2n })).toEqual([2, 3, 4]);
      expect(await revisions(stream, { fromRevision: 2n, direction: BACKWARDS })).toEqual([2, 1, 0]);
      expect(await revisions(stream, { fromRevision: START, direction: FORWARDS })).toEqual([0, 1, 2, 3, 4]);
      expect(await revisions(stream, { fromRevision: END, direction: BACKWARDS })).toEqual([4, 3, 2, 1, 0]);
    });

    it('stops after the number asked for', async () => {
      const stream = await given(5);
      expect(await revisions(stream, { maxCount: 2 })).toEqual([0, 1]);
      expect(await revisions(stream, { maxCount: 2, direction: BACKWARDS, fromRevision: END })).toEqual([
        4, 3,
      ]);
    });

    it('finds nothing beyond the end forwards, and begins at the end backwards', async () => {
      const stream = await given(3);
      expect(await revisions(stream, { fromRevision: 99n })).toEqual([]);
      expect(await revisions(stream, { fromRevision: END })).toEqual([]);
      expect(await revisions(stream, { fromRevision: 99n, direction: BACKWARDS })).toEqual([2, 1, 0]);
    });

    it('gives more than a page, whole and in order', async () => {
      const stream = await given(700);
      const expected = Array.from({ length: 700 }, (_, revision) => revision);
      expect(await revisions(stream, {})).toEqual(expected);
      expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual(
        expected.reverse(),
      );
    });

    it('does not find what was never written', async () => {
      const stream = newStream('naïve');
      await expect(all(server().client.readStream(stream))).rejects.toMatchObject({
        type: 'stream-not-found',
        streamName: stream,
      });
    });

    it('follows links when asked to', async () => {
      const target = await given(2);
      const stream = newStream('links');
      const { raw, client } = server();
      const properties = { type: '$>', 'content-type': 'application/octet-stream' };
      await rawAppend(raw, stream, [
        { id: randomUUID(), properties, data: `1@${target}` },
        { id: randomUUID(), properties, data: `7@${target}` },
      ]);
      const [resolved, broken] = await all(client.readStream(stream, { resolveLinkTos: true }));
      expect(resolved?.event).toMatchObject({ streamId: target, revision: 1n });
      expect(resolved?.link).toMatchObject({ streamId: stream, revision: 0n, type: '$>' });
      expect(broken?.event).toBeUndefined();
      expect(broken?.link).toMatchObject({ streamId: stream, revision: 1n });
      const [unresolved] = await all(client.readStream(stream));
      expect(unresolved?.event).toMatchObject({ streamId: stream, type: '$>' });
    });

    it.each(['deleteStream', 'tombstoneStream'] as const)(
      'shows a link alone when its event is gone by %s',
      async (remove) => {
        const target = await given(1);
        const stream = newStream('links');
        const properties = { type: '$>', 'content-type': 'application/octet-stream' };
        await rawAppend(server().raw, stream, [{ id: randomUUID(), properties, data: `0@${target}` }]);
        await server().client[remove](target);
        const [resolved] = await all(server().client.readStream(stream, { resolveLinkTos: true }));
        expect(resolved?.event).toBeUndefined();
        expect(resolved?.link).toMatchObject({ streamId: stream, revision: 0n });
      },
    );
  });

  describe('a read that wants to know the bounds of its stream', () => {
    const asked = async (stream: string, bend: (options: ReadReq.Options) => ReadReq.Options) => {
      const options = bend(streamReadOptions(stream)).setControlOption(
        new streams.ReadReq.Options.ControlOption().setCompatibility(1),
      );
      return (await rawRead(server().raw, options)).answers.map((answer) => {
        if (answer.hasEvent()) return `event ${answer.getEvent()?.getEvent()?.getStreamRevision()}`;
        if (answer.hasFirstStreamPosition()) return `first ${answer.getFirstStreamPosition()}`;
        return answer.hasLastStreamPosition() ? `last ${answer.getLastStreamPosition()}` : 'something else';
      });
    };

    it('is told the last revision, whatever of it is read', async () => {
      const stream = await given(5);
      expect(await asked(stream, (options) => options.setCount('2'))).toEqual([
        'event 0',
        'event 1',
        'last 4',
      ]);
      expect(await asked(stream, (options) => options.setReadDirection(1).setCount('1'))).toEqual([
        'event 0',
        'last 4',
      ]);
    });

    it('is told the first one when it is not the one asked for', async () => {
      const stream = await given(5);
      await server().client.setStreamMetadata(stream, { truncateBefore: 3 });
      if (server().embedded) {
        expect(await asked(stream, (options) => options)).toEqual([
          'first 3',
          'event 3',
          'event 4',
          'last 4',
        ]);
      }
    });

    it('is told neither when it does not ask', async () => {
      const { answers } = await rawRead(server().raw, streamReadOptions(await given(2)));
      expect(answers.every((answer) => answer.hasEvent())).toBe(true);
    });
  });

  describe('reading $all', () => {
    it('gives every event once, by rising position', async () => {
      await given(300);
      const positions = (await all(server().client.readAll())).map(({ event: e }) =>
        Number(e?.position?.commit),
      );
      expect(positions.length).toBeGreaterThan(300);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
      const backwards = await all(server().client.readAll({ direction: BACKWARDS, fromPosition: END }));
      expect(backwards.map(({ event: e }) => Number(e?.position?.commit))).toEqual(positions.reverse());
    });

    it('holds a system event from the start, above position 0', async () => {
      const [first] = await all(server().client.readAll({ maxCount: 1 }));
      expect(first?.event?.type.startsWith('$')).toBe(true);
      expect(Number(first?.event?.position?.commit)).toBeGreaterThan(server().embedded ? 0 : -1);
    });

    it('includes the event at the position forwards, and excludes it backwards', async () => {
      const stream = newStream();
      await server().client.appendToStream(stream, events(3));
      const [, second] = await all(server().client.readStream(stream));
      const fromPosition = second?.event?.position ?? START;
      const [at] = await all(server().client.readAll({ fromPosition, maxCount: 1 }));
      const [before] = await all(
        server().client.readAll({ fromPosition, maxCount: 1, direction: BACKWARDS }),
      );
      expect([at?.event?.streamId, at?.event?.revision]).toEqual([stream, 1n]);
      expect([before?.event?.streamId, before?.event?.revision]).toEqual([stream, 0n]);
    });

    it('finds nothing before the start and behind the end', async () => {
      expect(await all(server().client.readAll({ fromPosition: START, direction: BACKWARDS }))).toEqual([]);
      expect(await all(server().client.readAll({ fromPosition: END, direction: FORWARDS }))).toEqual([]);
    });

    it('can be filtered by the server, in both directions', async () => {
      const { client, raw } = server();
      const [category, other] = [newStream('f'), newStream('g')];
      await client.appendToStream(category, events(3));
      await client.appendToStream(other, events(3));
      await client.appendToStream(category, events(3));
      const forwards = allReadOptions().setFilter(prefixFilter(category));
      const backwards = allReadOptions()
        .setAll(new streams.ReadReq.Options.AllOptions().setEnd(empty()))
        .setReadDirection(1)
        .setCount('4')
        .setFilter(prefixFilter(category));
      const revisions = async (options: typeof forwards) =>
        (await rawRead(raw, options)).answers.map((answer) =>
          answer.getEvent()?.getEvent()?.getStreamRevision(),
        );
      expect(await revisions(forwards)).toEqual(['0', '1', '2', '3', '4', '5']);
      expect(await revisions(backwards)).toEqual(['5', '4', '3', '2']);
    });
  });

  describe('a read', () => {
    it('gives ids in the form asked for', async () => {
      const stream = newStream();
      const written = event();
      await server().client.appendToStream(stream, [written]);
      const structured = new streams.ReadReq.Options.UUIDOption().setStructured(empty());
      const { answers } = await rawRead(server().raw, streamReadOptions(stream).setUuidOption(structured));
      const id = answers[0]?.getEvent()?.getEvent()?.getId();
      expect(id?.hasStructured()).toBe(true);
      expect(formatEventId(parseUuid(id) ?? new Uint8Array())).toBe(written.id);
    });

    const subscription = () => new streams.ReadReq.Options.SubscriptionOptions();
    const position = (commit: string, prepare: string) =>
      new streams.ReadReq.Options.AllOptions().setPosition(
        new streams.ReadReq.Options.Position().setCommitPosition(commit).setPreparePosition(prepare),
      );

    it.each([
      ['a stream with a filter', () => streamReadOptions('s').setFilter(prefixFilter('s'))],
      [
        'a subscription running backwards',
        () => streamReadOptions('s').setSubscription(subscription()).setReadDirection(1),
      ],
      ['$all followed backwards', () => allReadOptions().setSubscription(subscription()).setReadDirection(1)],
      [
        'a filtered subscription to a stream',
        () => streamReadOptions('s').setSubscription(subscription()).setFilter(prefixFilter('s')),
      ],
      ['no form for ids', () => streamReadOptions('s').setUuidOption(undefined)],
      [
        'neither count nor subscription',
        () =>
          new streams.ReadReq.Options()
            .setStream(streamReadOptions('s').getStream())
            .setNoFilter(empty())
            .setUuidOption(streamReadOptions('s').getUuidOption()),
      ],
      [
        'neither stream nor $all',
        () =>
          new streams.ReadReq.Options()
            .setCount('1')
            .setNoFilter(empty())
            .setUuidOption(streamReadOptions('s').getUuidOption()),
      ],
      ['neither filter nor none', () => streamReadOptions('s').setNoFilter(undefined)],
      ['no stream name', () => streamReadOptions('')],
      ['a prepare position above the commit position', () => allReadOptions().setAll(position('5', '6'))],
      [
        'a checkpoint interval of 0',
        () =>
          allReadOptions()
            .setSubscription(subscription())
            .setFilter(prefixFilter('s').setCheckpointintervalmultiplier(0)),
      ],
    ])('with %s is an invalid argument', async (_case, options) => {
      const { error } = await rawRead(server().raw, options());
      expect(error?.code).toBe(3);
    });

    it('with an expression that is none is an invalid argument', async () => {
      const filter = new streams.ReadReq.Options.FilterOptions()
        .setEventType(new streams.ReadReq.Options.FilterOptions.Expression().setRegex('('))
        .setMax(32)
        .setCheckpointintervalmultiplier(1);
      const { error } = await rawRead(server().raw, allReadOptions().setFilter(filter));
      if (server().embedded) expect(error?.code).toBe(3);
      else expect(error).toBeDefined();
    });
  });
};
