import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { FakeGithub, GithubRefusal, GithubRunner } from '#libs/github';
import { GithubRefusal as Refusal, refusals } from '#libs/github';
import { provisionerReplica } from '../testing/provisioner.js';
import { until } from '../testing/tenancy.js';

// that a removal is put off is told each time
Logger.overrideLogger(false);

type Replica = ReturnType<typeof provisionerReplica>;

/** A runner that waits for a job; then somebody changes its labels at GitHub. */
const drifted = async (replica: Replica, changes: Partial<GithubRunner> = {}) => {
  const { provision, github } = replica;
  const { runnerId, runnerName } = await provision({ labels: ['gpu'] });
  const { id } = (await github.findRunnerByName(runnerName)) as GithubRunner;
  const shown = { status: 'online' as const, busy: false, labels: ['linux', 'production'], ...changes };
  github.changeRunner(id, shown);
  const see = ({ busy = shown.busy, labels = shown.labels }: Partial<GithubRunner> = {}) =>
    replica.observe(runnerId, { status: shown.status, busy, labels, githubRunnerId: id });
  const untilLast = (type: string) => until(async () => (await replica.history(runnerId)).at(-1) === type);
  return { runnerId, githubRunnerId: id, see, untilLast };
};

const DELETED = ['RunnerCameOnline', 'RunnerLabelsDrifted', 'RunnerDeprovisioningRequested', 'RunnerDeleted'];
const since = async ({ history }: Replica, runnerId: string) => (await history(runnerId)).slice(2);
const lookups = (github: FakeGithub) => github.calls.filter((call) => call === 'getRunner').length;

describe('an idle runner whose labels were changed at GitHub', () => {
  it('is removed once a look of our own has confirmed it', async () => {
    const replica = provisionerReplica();
    const { runnerId, githubRunnerId, see, untilLast } = await drifted(replica);
    await see();
    await untilLast('RunnerDeleted');
    expect(await since(replica, runnerId)).toEqual(DELETED);
    expect(await replica.github.getRunner(githubRunnerId)).toBe('absent');
    expect(await replica.slotsInUse()).toBe(0);
  });

  it('is left alone when that look shows its labels as they should be', async () => {
    const replica = provisionerReplica();
    const { runnerId, see, untilLast } = await drifted(replica, { labels: ['gpu'] });
    await see({ labels: ['production'] });
    await untilLast('RunnerLabelDriftResolved');
    expect(await since(replica, runnerId)).toEqual([
      'RunnerCameOnline',
      'RunnerLabelsDrifted',
      'RunnerLabelDriftResolved',
    ]);
  });

  it('is not removed while GitHub cannot be asked, but at the next sight', async () => {
    const replica = provisionerReplica();
    const { see, runnerId } = await drifted(replica);
    replica.github.refuseNext('getRunner', refusals.unavailable({ status: 502 }));
    await see();
    await until(() => lookups(replica.github) === 1);
    expect(await since(replica, runnerId)).toEqual(['RunnerCameOnline', 'RunnerLabelsDrifted']);
    await until(async () => {
      await see();
      return (await replica.history(runnerId)).at(-1) === 'RunnerDeleted';
    });
    expect(await since(replica, runnerId)).toEqual(DELETED);
  });

  it.each<[string, (github: FakeGithub) => void]>([
    ['answers 5xx', (github) => refuse(github, refusals.unavailable({ status: 502 }))],
    ['forbids it', (github) => refuse(github, new Refusal('forbidden', 'No.', { status: 403 }))],
  ])('stays deleting for as long as GitHub %s, and is one event', async (_, disturb) => {
    const replica = provisionerReplica();
    const { see, runnerId, untilLast } = await drifted(replica);
    disturb(replica.github);
    await see();
    await until(async () => replica.github.calls.includes('deleteRunner'));
    for (let times = 0; times < 2; times++)
      await expect(replica.settle(runnerId)).rejects.toMatchObject({ code: 'github-unavailable' });
    expect(await since(replica, runnerId)).toEqual(DELETED.slice(0, 3));
    await replica.settle(runnerId);
    await untilLast('RunnerDeleted');
    expect(await since(replica, runnerId)).toEqual(DELETED);
  });

  it('is only reported when that is what is wanted', async () => {
    const labelDrift = { action: 'alert', deleteBusyRunners: false } as const;
    const replica = provisionerReplica({ config: { labelDrift } });
    const { see, runnerId } = await drifted(replica);
    for (let times = 0; times < 3; times++) await see();
    expect(await since(replica, runnerId)).toEqual(['RunnerCameOnline', 'RunnerLabelsDrifted']);
  });
});

describe('a busy runner whose labels were changed at GitHub', () => {
  it('is one event however often it is seen, and is removed when it is idle', async () => {
    const replica = provisionerReplica();
    const { see, runnerId, githubRunnerId, untilLast } = await drifted(replica, { busy: true });
    for (let times = 0; times < 3; times++) await see();
    expect(await since(replica, runnerId)).toEqual(['RunnerCameOnline', 'RunnerLabelsDrifted']);
    expect(lookups(replica.github)).toBe(0);
    replica.github.changeRunner(githubRunnerId, { busy: false });
    await see({ busy: false });
    await untilLast('RunnerDeleted');
  });

  it('is left alone when it has become busy since it was seen', async () => {
    const replica = provisionerReplica();
    const { see, runnerId, untilLast } = await drifted(replica, { busy: true });
    await see({ busy: false });
    await untilLast('RunnerBecameBusy');
    expect(await replica.history(runnerId)).not.toContain('RunnerDeprovisioningRequested');
  });
});

const refuse = (github: FakeGithub, refusal: GithubRefusal): void => {
  for (let times = 0; times < 3; times++) github.refuseNext('deleteRunner', refusal);
};
