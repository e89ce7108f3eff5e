import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Recorded, runnerNameEvent } from '#libs/contracts';
import { type EventStore, type NewEvent, RevisionConflict } from './event-store.port.js';

const metadata = (correlationId: string) => ({
  $correlationId: correlationId,
  $causationId: correlationId,
  actor: { kind: 'service' as const, app: 'spec' },
});

const released = (id = randomUUID()): NewEvent => ({
  ...runnerNameEvent('RunnerNameReleased')({
    runnerId: randomUUID(),
    releasedAt: '2026-03-01T10:00:00.000Z',
  }),
  id,
  metadata: metadata('request-1'),
});

const freshStream = (category = 'runnerName') => `${category}-${randomUUID()}`;

/** What the rest of the service relies on, whichever store is behind the port. */
export const eventStoreContract = (
  name: string,
  open: () => Promise<{ store: EventStore; close(): Promise<void> }>,
) =>
  describe(name, () => {
    let store: EventStore;
    let close: () => Promise<void>;
    beforeAll(async () => ({ store, close } = await open()));
    afterAll(() => close());

    it('reads back what was appended, in order, with its metadata', async () => {
      const stream = freshStream();
      const events = [released(), released(), released()];
      const { revision, position } = await store.append(stream, events, 'no_stream');
      expect(revision).toBe(2n);
      const read = await store.read(stream);
      expect(read.map(({ id, revision: place }) => [id, place])).toEqual(
        events.map(({ id }, index) => [id, BigInt(index)]),
      );
      expect(read.at(-1)).toMatchObject({
        stream,
        position,
        type: 'RunnerNameReleased',
        metadata: metadata('request-1'),
      });
      expect(read.at(-1)?.data).toEqual(events.at(-1)?.data);
    });

    it('reads from a revision on, and backwards', async () => {
      const stream = freshStream();
      await store.append(stream, [released(), released(), released()], 'no_stream');
      expect((await store.read(stream, { from: 1n })).map(({ revision }) => revision)).toEqual([1n, 2n]);
      expect((await store.readBackwards(stream, 2)).map(({ revision }) => revision)).toEqual([2n, 1n]);
    });

    it('knows where the log ends', async () => {
      const { position } = await store.append(freshStream(), [released(), released()], 'no_stream');
      expect(await store.end()).toBe(position);
      const later = await store.append(freshStream('user'), [released()], 'no_stream');
      expect(await store.end()).toBe(later.position);
    });

    it('shows the newest events only of a stream that need not keep more, and counts on', async () => {
      const stream = freshStream();
      await store.append(stream, [released(), released(), released()], 'no_stream');
      await store.retain(stream, { maxCount: 2 });
      await store.retain(stream, { maxCount: 2 });
      expect((await store.read(stream)).map(({ revision }) => revision)).toEqual([1n, 2n]);
      const { revision } = await store.append(stream, [released()], 2n);
      expect(revision).toBe(3n);
      expect((await store.read(stream)).map((event) => event.revision)).toEqual([2n, 3n]);
      expect((await store.readBackwards(stream, 5)).map((event) => event.revision)).toEqual([3n, 2n]);
      await expect(store.append(stream, [released()], 'no_stream')).rejects.toBeInstanceOf(RevisionConflict);
      await store.retain(stream, { maxCount: 3 });
      await store.append(stream, [released()], 3n);
      expect((await store.read(stream)).at(-1)?.revision).toBe(4n);
      expect((await store.readBackwards(stream, 5)).at(-1)?.revision).toBe(2n);
    });

    it('forgets events that are older than need be, and still knows that they were', async () => {
      const stream = freshStream();
      await store.retain(stream, { maxAgeSeconds: 1 });
      await store.append(stream, [released()], 'no_stream');
      await store.retain(stream, { maxCount: 100 });
      while ((await store.read(stream)).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await store.readBackwards(stream, 1)).toEqual([]);
      await expect(store.append(stream, [released()], 'no_stream')).rejects.toBeInstanceOf(RevisionConflict);
      expect((await store.append(stream, [released()], 0n)).revision).toBe(1n);
    });

    it('has nothing in a stream that does not exist', async () => {
      expect(await store.read(freshStream())).toEqual([]);
      expect(await store.readBackwards(freshStream(), 5)).toEqual([]);
    });

    it('refuses a writer who has not seen the newest event', async () => {
      const stream = freshStream();
      await store.append(stream, [released()], 'no_stream');
      await store.append(stream, [released()], 0n);
      await expect(store.append(stream, [released()], 0n)).rejects.toBeInstanceOf(RevisionConflict);
      await expect(store.append(stream, [released()], 'no_stream')).rejects.toBeInstanceOf(RevisionConflict);
    });

    it('lets one of many writers through', async () => {
      const stream = freshStream();
      const attempts = await Promise.allSettled(
        Array.from({ length: 20 }, () => store.append(stream, [released()], 'no_stream')),
      );
      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.read(stream)).toHaveLength(1);
    });

    it('takes the same append sent again for the same, with the same answer', async () => {
      const stream = freshStream();
      const events = [released(), released()];
      const first = await store.append(stream, events, 'no_stream');
      await store.append(stream, [released()], 1n);
      expect(await store.append(stream, events, 'no_stream')).toEqual(first);
      expect(await store.read(stream)).toHaveLength(3);
    });

    it('refuses to write what it could not read back', async () => {
      const unreadable = { ...released(), data: { runnerId: 'not an id' } };
      await expect(store.append(freshStream(), [unreadable], 'no_stream')).rejects.toThrow();
    });

    it('is followed by prefix, past and present, each fact once and in order', async () => {
      const category = `runnerName-follow${randomUUID().slice(0, 8)}`;
      const seen: Recorded[] = [];
      const stopping = new AbortController();
      const before = Array.from({ length: 30 }, () => released());
      for (const event of before) await store.append(freshStream(category), [event], 'no_stream');
      const caughtUp = Promise.withResolvers<void>();
      const all = Promise.withResolvers<void>();
      const following = store.follow({
        prefixes: [category],
        onFacts: async (facts) => {
          seen.push(...facts);
          if (seen.length === 60) all.resolve();
        },
        onCaughtUp: caughtUp.resolve,
        signal: stopping.signal,
      });
      await caughtUp.promise;
      const after = Array.from({ length: 30 }, () => released());
      for (const event of after) {
        await store.append(freshStream(category), [event], 'no_stream');
        await store.append(freshStream('runnerName-other'), [released()], 'no_stream');
      }
      await all.promise;
      stopping.abort();
      await following;
      expect(seen.map(({ id }) => id)).toEqual([...before, ...after].map(({ id }) => id));
    });

    it('goes on after the position it is given', async () => {
      const category = `runnerName-resume${randomUUID().slice(0, 8)}`;
      const events = Array.from({ length: 5 }, () => released());
      const positions = [];
      for (const event of events) {
        const { position } = await store.append(freshStream(category), [event], 'no_stream');
        positions.push(position);
      }
      const stopping = new AbortController();
      const seen: string[] = [];
      const done = Promise.withResolvers<void>();
      const following = store.follow({
        prefixes: [category],
        after: positions[2],
        onFacts: async (facts) => {
          seen.push(...facts.map(({ id }) => id));
          if (seen.length === 2) done.resolve();
        },
        signal: stopping.signal,
      });
      await done.promise;
      stopping.abort();
      await following;
      expect(seen).toEqual(events.slice(3).map(({ id }) => id));
    });

    it('stops being followed when it is told to, even on hearing that the end is reached', async () => {
      const stopping = new AbortController();
      await store.follow({
        prefixes: [freshStream()],
        onFacts: async () => {},
        onCaughtUp: () => stopping.abort(),
        signal: stopping.signal,
      });
      expect(stopping.signal.aborted).toBe(true);
    });

    it('is not followed any further by somebody who has read what it does not hold', async () => {
      const category = `runnerName-lost${randomUUID().slice(0, 8)}`;
      const event = released();
      const { position } = await store.append(freshStream(category), [event], 'no_stream');
      const follow = (...seen: { position: bigint; id: string }[]) => {
        const stopping = new AbortController();
        return store.follow({
          prefixes: [category],
          seen,
          onFacts: async () => stopping.abort(),
          signal: stopping.signal,
        });
      };
      const there = { position, id: event.id };
      const another = { position, id: randomUUID() };
      const beyondTheEnd = { position: position + 1_000_000n, id: randomUUID() };
      await follow(there);
      await expect(follow(there, another)).rejects.toMatchObject({ name: 'LogRolledBack', lost: [another] });
      await expect(follow(beyondTheEnd, there)).rejects.toMatchObject({ lost: [beyondTheEnd] });
    });

    it('stops where a fact could not be handled', async () => {
      const category = `runnerName-poison${randomUUID().slice(0, 8)}`;
      await store.append(freshStream(category), [released()], 'no_stream');
      const following = store.follow({
        prefixes: [category],
        onFacts: async (facts) => {
          if (facts.length > 0) throw new Error('cannot handle this');
        },
        signal: new AbortController().signal,
      });
      await expect(following).rejects.toThrow('cannot handle this');
    });
  });
