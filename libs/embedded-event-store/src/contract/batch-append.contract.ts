import { randomUUID } from 'node:crypto';
import { binaryEvent } from '@eventstore/db-client';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { shared } from '../protocol/generated.js';
import { all, events, newStream, revisionsOf } from '../testing/events.js';
import { batchChunk, rawBatchAppend } from '../testing/raw-requests.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

const correlationOf = (answer: BatchAppendResp): string | undefined => answer.getCorrelationId()?.getString();

const streamOf = (answer: BatchAppendResp): string =>
  Buffer.from(answer.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();

const detailsOf = (answer: BatchAppendResp | undefined): string | undefined =>
  answer?.getError()?.getDetails()?.getTypeName();

const one = (): { id: string }[] => [{ id: randomUUID() }];

export const batchAppendContract = (server: () => ServerUnderTest): void => {
  describe('a batch call', () => {
    it('puts together what comes in pieces, between pieces of others', async () => {
      const [a, b] = [randomUUID(), randomUUID()];
      const [streamA, streamB] = [newStream(), newStream()];
      const { answers, error } = await rawBatchAppend(server().raw, [
        batchChunk({ correlationId: a, streamName: streamA, events: one(), final: false }),
        batchChunk({ correlationId: b, streamName: streamB, events: one(), final: false }),
        batchChunk({ correlationId: a, events: one(), final: false }),
        batchChunk({ correlationId: b, events: one(), final: true }),
        batchChunk({ correlationId: a, events: [], final: true }),
      ]);
      expect(error).toBeUndefined();
      expect(answers.map(correlationOf).sort()).toEqual([a, b].sort());
      expect(answers.map(streamOf).sort()).toEqual([streamA, streamB].sort());
      expect(answers.map((answer) => answer.getSuccess()?.getCurrentRevision())).toEqual(['1', '1']);
      expect(revisionsOf(await all(server().client.readStream(streamA)))).toEqual([0, 1]);
    });

    it('is cut into pieces by the client, too', async () => {
      const stream = newStream();
      const batch = Array.from({ length: 50 }, () =>
        binaryEvent({ type: 'Piece', data: Buffer.alloc(10_000, 1) }),
      );
      const { nextExpectedRevision } = await server().client.appendToStream(stream, batch, {
        batchAppendSize: 30_000,
      });
      expect(nextExpectedRevision).toBe(49n);
      expect(await all(server().client.readStream(stream))).toHaveLength(50);
    });

    it('answers each append exactly once, also those it refuses', async () => {
      const stream = newStream();
      const chunks = Array.from({ length: 100 }, (_, index) =>
        batchChunk({
          correlationId: randomUUID(),
          streamName: index % 3 === 0 ? '' : stream,
          events: one(),
          final: true,
        }),
      );
      const { answers, error } = await rawBatchAppend(server().raw, chunks);
      expect(error).toBeUndefined();
      expect(new Set(answers.map(correlationOf)).size).toBe(100);
      expect(answers).toHaveLength(100);
      expect(answers.filter((answer) => answer.hasError())).toHaveLength(34);
    });

    it('echoes a correlation id in the form it came in', async () => {
      const id = new shared.UUID.Structured().setMostSignificantBits('-5').setLeastSignificantBits('7');
      const chunk = batchChunk({ correlationId: '', streamName: newStream(), events: one(), final: true });
      const { answers } = await rawBatchAppend(server().raw, [
        chunk.setCorrelationId(new shared.UUID().setStructured(id)),
      ]);
      expect(answers[0]?.getCorrelationId()?.getStructured()?.toObject()).toEqual({
        mostSignificantBits: '-5',
        leastSignificantBits: '7',
      });
    });

    it('answers Timeout, and writes nothing, past the deadline', async () => {
      const stream = newStream();
      const { answers } = await rawBatchAppend(server().raw, [
        batchChunk({
          correlationId: randomUUID(),
          streamName: stream,
          deadline: Date.now() - 1000,
          events: one(),
          final: true,
        }),
      ]);
      expect(answers).toHaveLength(1);
      expect(answers[0]?.getError()?.getCode()).toBe(4);
      expect(detailsOf(answers[0])).toBe('event_store.client.Timeout');
      expect(answers[0] && streamOf(answers[0])).toBe(stream);
      await expect(all(server().client.readStream(stream))).rejects.toMatchObject({
        type: 'stream-not-found',
      });
    });

    it('answers Timeout once for an append in pieces', async () => {
      const correlationId = randomUUID();
      const { answers } = await rawBatchAppend(server().raw, [
        batchChunk({ correlationId, streamName: newStream(), deadline: 1, events: one(), final: false }),
        batchChunk({ correlationId, events: one(), final: false }),
        batchChunk({ correlationId, events: one(), final: true }),
      ]);
      expect(answers.map(detailsOf)).toEqual(['event_store.client.Timeout']);
    });

    it('names the deleted stream', async () => {
      const stream = newStream();
      await server().client.tombstoneStream(stream);
      const { answers } = await rawBatchAppend(server().raw, [
        batchChunk({ correlationId: randomUUID(), streamName: stream, events: one(), final: true }),
      ]);
      expect(answers.map(detailsOf)).toEqual(['event_store.client.StreamDeleted']);
      expect(answers.map((answer) => answer.getError()?.getCode())).toEqual([5]);
      expect(answers.map(streamOf)).toEqual([stream]);
    });

    it('puts any mixture together, and answers each of it once', async () => {
      const appends = Array.from({ length: 60 }, (_, index) => ({
        correlationId: randomUUID(),
        streamName: newStream(),
        pieces: 1 + (index % 5),
        each: 1 + (index % 3),
        expectNoStream: index % 2 === 0,
      }));
      const waiting = appends.map(({ correlationId, streamName, pieces, each, expectNoStream }) =>
        Array.from({ length: pieces }, (_, piece) =>
          batchChunk({
            correlationId,
            ...(piece === 0 && { streamName, expectNoStream, deadline: Date.now() + 10_000 }),
            events: Array.from({ length: each }, () => ({ id: randomUUID() })),
            final: piece === pieces - 1,
          }),
        ),
      );
      const chunks: BatchAppendReq[] = [];
      for (let turn = 0; waiting.some((pieces) => pieces.length > 0); turn += 1) {
        const next = waiting[(turn * 37 + (turn >> 3)) % waiting.length]?.shift();
        if (next !== undefined) chunks.push(next);
      }
      const { answers, error } = await rawBatchAppend(server().raw, chunks);
      expect(error).toBeUndefined();
      const byCorrelation = new Map(answers.map((answer) => [correlationOf(answer), answer]));
      expect(answers).toHaveLength(appends.length);
      for (const { correlationId, streamName, pieces, each } of appends) {
        const answer = byCorrelation.get(correlationId);
        expect(answer && streamOf(answer)).toBe(streamName);
        expect(answer?.getSuccess()?.getCurrentRevision()).toBe(String(pieces * each - 1));
        expect(await all(server().client.readStream(streamName))).toHaveLength(pieces * each);
      }
    });

    it('tells each append its own fate', async () => {
      const [taken, gone, fresh] = [newStream(), newStream(), newStream()];
      await server().client.appendToStream(taken, events(1));
      await server().client.tombstoneStream(gone);
      const fates = {
        WrongExpectedVersion: { streamName: taken, expectNoStream: true, events: one() },
        StreamDeleted: { streamName: gone, events: one() },
        Timeout: { streamName: fresh, deadline: Date.now() - 1, events: one() },
        MaximumAppendSizeExceeded: {
          streamName: fresh,
          events: [{ id: randomUUID(), data: Buffer.alloc(2 * 1024 * 1024) }],
        },
        BadRequest: { streamName: fresh, events: [{ id: randomUUID(), properties: { type: 'Happened' } }] },
        AccessDenied: { streamName: '$all', events: one() },
        none: { streamName: fresh, events: one() },
      };
      const names = Object.keys(fates);
      const ids = new Map(names.map((name) => [name, randomUUID()]));
      const { answers, error } = await rawBatchAppend(
        server().raw,
        Object.entries(fates).map(([name, fate]) =>
          batchChunk({ correlationId: ids.get(name) ?? '', final: true, ...fate }),
        ),
      );
      expect(error).toBeUndefined();
      expect(answers).toHaveLength(names.length);
      for (const name of names) {
        const answer = answers.find((one) => correlationOf(one) === ids.get(name));
        expect(detailsOf(answer)).toBe(name === 'none' ? undefined : `event_store.client.${name}`);
      }
      const conflict = answers.find((one) => correlationOf(one) === ids.get('WrongExpectedVersion'));
      const details = shared.WrongExpectedVersion.deserializeBinary(
        conflict?.getError()?.getDetails()?.getValue_asU8() ?? new Uint8Array(),
      );
      expect(conflict?.getError()?.getCode()).toBe(6);
      expect(details.getCurrentStreamRevision()).toBe('0');
      expect(details.hasExpectedNoStream()).toBe(true);
      expect(await all(server().client.readStream(fresh))).toHaveLength(1);
    });

    it('without events is answered with the state of the stream', async () => {
      const stream = newStream();
      const nothing = () =>
        rawBatchAppend(server().raw, [
          batchChunk({ correlationId: randomUUID(), streamName: stream, events: [], final: true }),
        ]);
      const [first] = (await nothing()).answers;
      expect(first?.getSuccess()?.hasNoStream()).toBe(true);
      await server().client.appendToStream(stream, events(2));
      const [second] = (await nothing()).answers;
      if (server().embedded) expect(second?.getSuccess()?.getCurrentRevision()).toBe('1');
      expect(await all(server().client.readStream(stream))).toHaveLength(2);
    });

    it('never ends OK while an append lacks its last piece', async () => {
      const { error } = await rawBatchAppend(server().raw, [
        batchChunk({ correlationId: randomUUID(), streamName: newStream(), events: one(), final: false }),
      ]);
      if (server().embedded) expect(error?.code).toBe(3);
    });
  });
};
