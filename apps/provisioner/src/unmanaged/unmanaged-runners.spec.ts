import { expect, it } from '@jest/globals';
import { type Fact, streams, type UnmanagedRunner } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import type { GithubRunner } from '#libs/github';
import { provisionerReplica } from '../testing/provisioner.js';

const scope = { kind: 'org', login: 'octo-org' } as const;
const stranger = (githubRunnerId: number, name = `desk-${githubRunnerId}`): UnmanagedRunner => ({
  githubRunnerId,
  name,
  labels: ['self-hosted'],
  status: 'online',
});

const start = () => {
  const store = inMemoryEventStore();
  const recorded = async () => {
    const facts = (await store.read(streams.unmanagedRunners(scope))) as unknown as Fact[];
    return facts.map(({ data }) => ('runners' in data ? data.runners.map((it) => it.githubRunnerId) : []));
  };
  return { store, replica: provisionerReplica({ store }), recorded };
};

it('are told of once each, whichever replica hears of them', async () => {
  const { store, replica, recorded } = start();
  expect(await replica.reportUnmanaged([stranger(1), stranger(2)])).toEqual([1, 2]);
  const other = provisionerReplica({ store });
  expect(await other.reportUnmanaged([stranger(2), stranger(3)])).toEqual([2, 3]);
  expect(await replica.reportUnmanaged([stranger(1), stranger(3)])).toEqual([1, 3]);
  expect(await recorded()).toEqual([[1, 2], [3]]);
});

it('twenty reports at once of the same ones are one', async () => {
  const { store, recorded } = start();
  const replicas = Array.from({ length: 20 }, () => provisionerReplica({ store }));
  await Promise.all(replicas.map((replica) => replica.reportUnmanaged([stranger(1), stranger(2)])));
  expect(await recorded()).toEqual([[1, 2]]);
});

it('are none of ours: neither live ones nor those that have ended', async () => {
  const { replica, recorded } = start();
  const ids: number[] = [];
  for (const name of ['ours-live', 'ours-ended']) {
    const { runnerId } = await replica.provision({ runnerName: name });
    const { id } = (await replica.github.findRunnerByName(name)) as GithubRunner;
    ids.push(id);
    if (name === 'ours-ended') await replica.observe(runnerId, { status: 'absent' });
  }
  const [live = 0, ended = 0] = ids;
  expect(await replica.reportUnmanaged([stranger(live, 'ours-live'), stranger(ended, 'ours-ended')])).toEqual(
    [],
  );
  // names are used again: a stranger may bear one that was ours, in whatever case
  expect(await replica.reportUnmanaged([stranger(900, 'OURS-ended'), stranger(901, 'ours-live')])).toEqual([
    900, 901,
  ]);
  expect(await recorded()).toEqual([[900, 901]]);
});

it('one that bears a name somebody is provisioning right now is nobody’s only when that is over', async () => {
  const { replica, recorded } = start();
  const release = replica.github.holdNext('generateJitConfig');
  const provisioned = replica.provision({ runnerName: 'in-the-making' });
  await replica.untilClaimed('in-the-making');
  expect(await replica.reportUnmanaged([stranger(77, 'in-the-making')])).toEqual([]);
  release();
  await provisioned;
  expect(await replica.reportUnmanaged([stranger(77, 'in-the-making')])).toEqual([77]);
  expect(await recorded()).toEqual([[77]]);
});
