import { randomUUID } from 'node:crypto';
import {
  END,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  type Position,
  START,
  type SubscribeToAllOptions,
  streamNameFilter,
} from '@eventstore/db-client';
import { all, event, events, newStream, revisionsOf } from '../testing/events.js';
import { type FollowedSubscription, follow } from '../testing/followed-subscription.js';
import { rawAppend } from '../testing/raw-requests.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

type Filter = NonNullable<SubscribeToAllOptions['filter']>;
type Checkpointed = Pick<Filter, 'maxSearchWindow' | 'checkpointInterval' | 'checkpointReached'>;

export const allSubscriptionContract = (server: () => ServerUnderTest): void => {
  const followed: FollowedSubscription[] = [];
  const following = (subscription: Parameters<typeof follow>[0]): FollowedSubscription => {
    const one = follow(subscription);
    followed.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of followed.splice(0)) await one.unsubscribe();
  });
  const given = async (count: number, stream = newStream()): Promise<string> => {
    await server().client.appendToStream(stream, events(count));
    return stream;
  };
  const caughtUp = ({ log }: FollowedSubscription) => log.includes('caughtUp');

  describe('a subscription to $all', () => {
    const position = (resolved: FollowedSubscription['received'][number] | undefined): Position =>
      resolved?.event?.position ?? { commit: 0n, prepare: 0n };

    it('says at once that it has caught up when there is nothing to catch', async () => {
      const subscription = following(server().client.subscribeToAll({ fromPosition: END }));
      await subscription.until(() => caughtUp(subscription));
      const stream = await given(1);
      const found = () => subscription.received.some(({ event: e }) => e?.streamId === stream);
      await subscription.until(found);
      expect(subscription.log.slice(0, 2)).toEqual(['confirmation', 'caughtUp']);
    });

    it('begins after the position asked for', async () => {
      const stream = await given(3);
      const [first] = await all(server().client.readStream(stream));
      const subscription = following(
        server().client.subscribeToAll({
          fromPosition: position(first),
          filter: streamNameFilter({ prefixes: [stream] }),
        }),
      );
      await subscription.until(() => caughtUp(subscription));
      expect(revisionsOf(subscription.received)).toEqual([1, 2]);
    });

    it('gives the same order to everybody, live or late', async () => {
      const category = newStream('same');
      const filter = streamNameFilter({ prefixes: [category] });
      const early = following(server().client.subscribeToAll({ filter }));
      await early.until(() => caughtUp(early));
      await Promise.all(
        Array.from({ length: 40 }, async (_, writer) => {
          for (let turn = 0; turn < 5; turn += 1) await given(2, `${category}-${writer % 7}`);
        }),
      );
      const late = following(server().client.subscribeToAll({ filter }));
      await early.until(() => early.received.length === 400);
      await late.until(() => late.received.length === 400);
      const order = ({ received }: FollowedSubscription) =>
        received.map(({ event: e }) => `${e?.streamId}@${e?.revision}`);
      expect(order(early)).toEqual(order(late));
      expect(new Set(order(late)).size).toBe(400);
    });

    it('loses nothing and repeats nothing when its reader is slow', async () => {
      const category = newStream('slow');
      const subscription = server().client.subscribeToAll({
        filter: streamNameFilter({ prefixes: [category] }),
      });
      await new Promise((resolve) => subscription.once('caughtUp', resolve).resume());
      subscription.pause();
      for (let turn = 0; turn < 30; turn += 1) await given(100, `${category}-${turn % 3}`);
      const slow = following(subscription);
      subscription.resume();
      await slow.until(() => slow.received.length === 3000);
      // Too far behind for what the server keeps in memory, it was read from disk and caught up once more.
      await slow.until(() => caughtUp(slow));
      const seen = slow.received.map(({ event: e }) => `${e?.streamId}@${e?.revision}`);
      expect(new Set(seen).size).toBe(3000);
    });

    it('can be filtered by prefixes and expressions, of streams and types', async () => {
      const { client } = server();
      const category = newStream('filtered');
      await client.appendToStream(`${category}-a`, [event(), jsonEvent({ type: 'SomethingElse', data: {} })]);
      await client.appendToStream(`${category}-b`, [event()]);
      const passing = async (filter: NonNullable<SubscribeToAllOptions['filter']>): Promise<string[]> => {
        const subscription = following(client.subscribeToAll({ filter }));
        await subscription.until(() => caughtUp(subscription));
        return subscription.received
          .map(({ event: e }) => `${e?.streamId} ${e?.type}`)
          .filter((name) => name.startsWith(category))
          .map((name) => name.slice(category.length + 1));
      };
      expect(await passing(streamNameFilter({ prefixes: [`${category}-a`, 'none'] }))).toEqual([
        'a Happened',
        'a SomethingElse',
      ]);
      expect(await passing(streamNameFilter({ regex: `^${category}-[b-z]$` }))).toEqual(['b Happened']);
      expect(await passing(eventTypeFilter({ prefixes: ['Something'] }))).toEqual(['a SomethingElse']);
      expect(await passing(eventTypeFilter({ regex: 'ppen' }))).toEqual(['a Happened', 'b Happened']);
      expect(await passing(excludeSystemEvents())).toHaveLength(3);
    });

    it('leaves out system events when asked to', async () => {
      const subscription = following(server().client.subscribeToAll({ filter: excludeSystemEvents() }));
      await subscription.until(() => caughtUp(subscription));
      expect(subscription.received.filter(({ event: e }) => e?.type.startsWith('$'))).toEqual([]);
    });

    it('sends checkpoints that rise, about every so many events looked at, and one at the end', async () => {
      const category = newStream('rare');
      await given(1, category);
      await given(400);
      const last = await given(1);
      const [end] = await all(server().client.readStream(last));
      const checkpoints: bigint[] = [];
      const subscription = following(
        server().client.subscribeToAll({
          filter: streamNameFilter({
            prefixes: [category],
            maxSearchWindow: 32,
            checkpointInterval: 2,
            checkpointReached: async (_subscription, { commit }) => {
              checkpoints.push(commit);
            },
          }),
        }),
      );
      await subscription.until(() => caughtUp(subscription));
      expect(subscription.received).toHaveLength(1);
      expect(checkpoints.length).toBeGreaterThan(4);
      expect(checkpoints).toEqual([...new Set(checkpoints)].sort((a, b) => Number(a - b)));
      expect(checkpoints.at(-1)).toBeGreaterThanOrEqual(position(end).commit);
    });

    const filters: Array<[string, (category: string, rest: Checkpointed) => Filter]> = [
      ['prefixes of streams', (category, rest) => streamNameFilter({ prefixes: [category], ...rest })],
      ['an expression on streams', (category, rest) => streamNameFilter({ regex: `^${category}`, ...rest })],
      ['prefixes of types', (_category, rest) => eventTypeFilter({ prefixes: ['Happ', '$meta'], ...rest })],
      ['an expression on types', (_category, rest) => eventTypeFilter({ regex: '^Happened$', ...rest })],
    ];

    it.each(filters)(
      'filtered by %s gives checkpoints that rise and never repeat',
      async (_kind, filterBy) => {
        const category = newStream('checked');
        await given(100, category);
        await given(300);
        const log: Array<{ kind: 'event' | 'checkpoint'; commit: bigint }> = [];
        const subscription = server().client.subscribeToAll({
          filter: filterBy(category, {
            maxSearchWindow: 16,
            checkpointInterval: 2,
            checkpointReached: async (_subscription, { commit }) => {
              log.push({ kind: 'checkpoint', commit });
            },
          }),
        });
        subscription.on('data', (resolved) => log.push({ kind: 'event', commit: position(resolved).commit }));
        const one = following(subscription);
        await one.until(() => caughtUp(one));
        for (let turn = 0; turn < 20; turn += 1) {
          await given(5);
          await given(1, category);
        }
        await one.until(
          () => revisionsOf(one.received.filter(({ event: e }) => e?.streamId === category)).at(-1) === 119,
        );
        const strictlyRising = (commits: readonly bigint[]) =>
          commits.every((commit, index) => index === 0 || commit > (commits[index - 1] ?? commit));
        const of = (kind: string) => log.filter((entry) => entry.kind === kind).map(({ commit }) => commit);
        expect(strictlyRising(of('checkpoint'))).toBe(true);
        expect(strictlyRising(of('event'))).toBe(true);
        expect(of('checkpoint').length).toBeGreaterThan(Math.floor(500 / 32) - 2);
        // A checkpoint speaks for everything up to it: no event may come behind one that covers it.
        const covered = log.filter(
          ({ kind, commit }, index) =>
            kind === 'event' &&
            log.slice(0, index).some((before) => before.kind === 'checkpoint' && before.commit >= commit),
        );
        expect(covered).toEqual([]);
      },
    );

    it('follows links when asked to', async () => {
      const target = await given(2);
      const links = newStream('links');
      const properties = { type: '$>', 'content-type': 'application/octet-stream' };
      await rawAppend(server().raw, links, [{ id: randomUUID(), properties, data: `1@${target}` }]);
      const filter = streamNameFilter({ prefixes: [links] });
      const toAll = following(server().client.subscribeToAll({ filter, resolveLinkTos: true }));
      const toStream = following(server().client.subscribeToStream(links, { resolveLinkTos: true }));
      for (const subscription of [toAll, toStream]) {
        await subscription.until(() => subscription.received.length === 1);
        expect(subscription.received[0]?.event).toMatchObject({ streamId: target, revision: 1n });
        expect(subscription.received[0]?.link).toMatchObject({ streamId: links, revision: 0n });
      }
    });

    it('can go on from a checkpoint', async () => {
      const category = newStream('resume');
      await given(3, category);
      let checkpoint: Position | undefined;
      const filter = streamNameFilter({
        prefixes: [category],
        checkpointReached: async (_subscription, reached) => {
          checkpoint = reached;
        },
      });
      const first = following(server().client.subscribeToAll({ filter }));
      await first.until(() => caughtUp(first));
      await given(2, category);
      const second = following(server().client.subscribeToAll({ filter, fromPosition: checkpoint ?? START }));
      await second.until(() => second.received.length === 2);
      expect(revisionsOf(second.received)).toEqual([3, 4]);
    });
  });
};
