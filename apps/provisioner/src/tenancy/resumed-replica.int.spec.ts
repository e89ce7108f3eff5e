import { randomUUID } from 'node:crypto';
import { expect, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type EventStore, inMemoryEventStore } from '#libs/event-store';
import { onEachDatabase } from '#libs/testing';
import {
  askedBy,
  callerNamed,
  codeOf,
  type TenancyReplica,
  tenancyReplica,
  until,
} from '../testing/tenancy.js';

jest.setTimeout(60_000);
Logger.overrideLogger(false);

/** The log as a replica sees it that can be cut off from following it. */
const severable = (store: EventStore) => {
  let cut: AbortController | undefined;
  const following = new Set<AbortController>();
  return {
    cutOff: () => {
      cut = new AbortController();
      for (const each of following) each.abort();
    },
    rejoin: () => {
      cut = undefined;
    },
    store: {
      ...store,
      follow: async (options) => {
        const each = new AbortController();
        if (cut === undefined) {
          following.add(each);
          await store.follow({ ...options, signal: AbortSignal.any([options.signal, each.signal]) });
          following.delete(each);
        }
        if (!options.signal.aborted) throw new Error('the log is out of reach');
      },
    } satisfies EventStore,
  };
};

onEachDatabase('a replica that was cut off from the log', ({ test, newAddress, closing }) => {
  test('remembers nobody whose rights another one has taken out of their rows meanwhile', async () => {
    const address = newAddress();
    const log = inMemoryEventStore();
    const line = severable(log);
    const replica = async (store: EventStore): Promise<TenancyReplica> => {
      const fresh = await tenancyReplica({ address, store });
      closing({ close: () => fresh.view.onApplicationShutdown() });
      return fresh;
    };
    const [ours, theirs] = [await replica(line.store), await replica(log)];
    const ann = callerNamed('ann');
    const userId = randomUUID();
    const rights = { isAdmin: true, canUseJit: true, canUseRegistrationToken: false };
    const at = new Date().toISOString();
    await ours.users.create({ userId, ...rights, createdAt: at }, ann, ours.origin());
    await theirs.settled();
    await ours.settled();
    const greet = ({ tenancy }: TenancyReplica) => codeOf(tenancy.principalOf(askedBy(ann, {}).context));
    // what the first look finds may be forgotten with the last fact before it
    for (let looks = 0; looks < 2; looks++) expect(await greet(ours)).toBe('granted');

    line.cutOff();
    await until(() => ours.view.health().status === 'down');
    await theirs.users.deactivate(userId, 'a reason', at, theirs.origin());
    await theirs.settled();
    expect(await greet(theirs)).toBe('user-deactivated');
    // as it is a few seconds later: projections nothing happens to store their place now and then
    await theirs.database
      .em()
      .execute('update checkpoint set position = (select max(position) from checkpoint)');

    line.rejoin();
    await until(() => ours.view.health().status === 'up');
    expect(await greet(ours)).toBe('user-deactivated');
  });
});
