import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { streams, syncCycleEvent } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import type { GithubRunner } from '#libs/github';
import { provisionerReplica } from '../testing/provisioner.js';

const scope = { kind: 'org', login: 'octo-org' } as const;
const at = '2026-03-01T10:00:00.000Z';

const start = () => {
  const store = inMemoryEventStore();
  const replica = provisionerReplica({ store });
  const leaseTaken = (term: number) =>
    store.append(
      streams.syncCycle(scope),
      [
        {
          ...syncCycleEvent('SyncLeaseTaken')({
            scope,
            observer: randomUUID(),
            term,
            takenAt: at,
            leaseExpiresAt: at,
          }),
          id: randomUUID(),
          metadata: { $correlationId: 'a', $causationId: 'a', actor: { kind: 'service', app: 'sync' } },
        },
      ],
      'any',
    );
  const provisioned = async () => {
    const { runnerId, runnerName } = await replica.provision();
    const { id, labels } = (await replica.github.findRunnerByName(runnerName)) as GithubRunner;
    const see = async (status: 'online' | 'offline', term?: number) => {
      const observation = { status, busy: false, githubRunnerId: id, labels };
      return (await replica.observe(runnerId, observation, term)).recorded;
    };
    return { runnerId, see };
  };
  return { store, replica, leaseTaken, provisioned };
};

describe('what is told by an observer', () => {
  it('that has lost the lease is stale, as soon as the log shows the next one', async () => {
    const { leaseTaken, provisioned } = start();
    await leaseTaken(4);
    await leaseTaken(5);
    const { see } = await provisioned();
    expect(await see('online', 4)).toBe(0);
    expect(await see('online', 5)).toBe(1);
    expect(await see('offline', 4)).toBe(0);
    expect(await see('offline', 5)).toBe(1);
  });

  it('of an older lease than the runner was seen under is stale, whatever the clocks say', async () => {
    const { store, provisioned, replica } = start();
    const { runnerId, see } = await provisioned();
    expect(await see('online', 7)).toBe(1);
    // a replica that has not looked at the leases yet
    const other = provisionerReplica({ store, github: replica.github });
    const { labels, id } = (await replica.github.listRunners()).runners[0] as GithubRunner;
    const offline = { status: 'offline' as const, busy: false, githubRunnerId: id, labels };
    expect((await other.observe(runnerId, offline, 6)).recorded).toBe(0);
    expect((await other.observe(runnerId, offline, 7)).recorded).toBe(1);
  });

  it('without a lease is taken as before', async () => {
    const { leaseTaken, provisioned } = start();
    await leaseTaken(5);
    const { see } = await provisioned();
    expect(await see('online')).toBe(1);
    expect(await see('offline')).toBe(1);
  });

  it('about runners nobody knows is as stale', async () => {
    const { leaseTaken, replica } = start();
    await leaseTaken(5);
    const stranger = { githubRunnerId: 77, name: 'desk', labels: [], status: 'online' as const };
    expect(await replica.reportUnmanaged([stranger], 4)).toEqual([]);
    expect(await replica.reportUnmanaged([stranger], 5)).toEqual([77]);
  });
});
