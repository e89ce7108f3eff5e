import { END, START } from '@eventstore/db-client';
import { events, newStream, revisionsOf } from '../testing/events.js';
import { type FollowedSubscription, follow } from '../testing/followed-subscription.js';
import type { ServerUnderTest } from '../testing/server-under-test.js';

export const subscriptionContract = (server: () => ServerUnderTest): void => {
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

  describe('a subscription to a stream', () => {
    it('confirms, catches up, says so, and goes on live', async () => {
      const stream = await given(2);
      const subscription = following(server().client.subscribeToStream(stream, { fromRevision: START }));
      await subscription.until(() => caughtUp(subscription));
      await given(2, stream);
      await subscription.until(() => subscription.received.length === 4);
      expect(subscription.log).toEqual([
        'confirmation',
        'event 0',
        'event 1',
        'caughtUp',
        'event 2',
        'event 3',
      ]);
    });

    it('begins after the revision asked for', async () => {
      const stream = await given(3);
      const subscription = following(server().client.subscribeToStream(stream, { fromRevision: 0n }));
      await subscription.until(() => caughtUp(subscription));
      expect(revisionsOf(subscription.received)).toEqual([1, 2]);
    });

    it('from the end gives only what comes', async () => {
      const stream = await given(3);
      const subscription = following(server().client.subscribeToStream(stream, { fromRevision: END }));
      await subscription.until(() => caughtUp(subscription));
      await given(1, stream);
      await subscription.until(() => subscription.received.length === 1);
      expect(subscription.log).toEqual(['confirmation', 'caughtUp', 'event 3']);
    });

    it('waits for a stream that is not there', async () => {
      const stream = newStream();
      const subscription = following(server().client.subscribeToStream(stream));
      await subscription.until(() => caughtUp(subscription));
      await given(1, stream);
      await subscription.until(() => subscription.received.length === 1);
      expect(subscription.log).toEqual(['confirmation', 'caughtUp', 'event 0']);
    });

    it('does not get what other streams get', async () => {
      const stream = await given(1);
      const subscription = following(server().client.subscribeToStream(stream));
      await subscription.until(() => caughtUp(subscription));
      await given(5);
      await given(1, stream);
      await subscription.until(() => subscription.received.length === 2);
      expect(revisionsOf(subscription.received)).toEqual([0, 1]);
    });

    it('gets the tombstone and then the error', async () => {
      const stream = await given(1);
      const subscription = following(server().client.subscribeToStream(stream));
      await subscription.until(() => caughtUp(subscription));
      await server().client.tombstoneStream(stream);
      await subscription.until(() => subscription.log.at(-1)?.startsWith('error') === true);
      expect(subscription.log.slice(-2)).toEqual(['event 9223372036854775807', 'error stream-deleted']);
      expect(subscription.received.at(-1)?.event?.type).toBe('$streamDeleted');
    });

    it('to a tombstoned stream is an error', async () => {
      const stream = await given(1);
      await server().client.tombstoneStream(stream);
      const subscription = following(server().client.subscribeToStream(stream));
      await subscription.until(() => subscription.log.at(-1) === 'error stream-deleted');
    });

    it('survives a soft deletion and gets what comes after it', async () => {
      const stream = await given(2);
      const subscription = following(server().client.subscribeToStream(stream));
      await subscription.until(() => caughtUp(subscription));
      await server().client.deleteStream(stream);
      await given(1, stream);
      await subscription.until(() => subscription.received.length === 3);
      expect(revisionsOf(subscription.received)).toEqual([0, 1, 2]);
    });
  });
};
