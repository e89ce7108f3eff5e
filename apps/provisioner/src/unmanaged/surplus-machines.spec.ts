import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { SeenUnmanaged } from '#libs/contracts';
import { refusals } from '#libs/github';
import { minutesLater } from '../testing/minutes-later.js';
import { provisionerReplica } from '../testing/provisioner.js';
import { until } from '../testing/tenancy.js';

// that a removal is put off is told each time
Logger.overrideLogger(false);

/** A registration token was handed out for a runner with the label gpu; another machine has that label as well. */
const start = async (config: Parameters<typeof provisionerReplica>[0] = {}, labels = ['gpu']) => {
  const replica = provisionerReplica(config);
  const provisioningMethod = 'registration_token' as const;
  const { runnerId } = await replica.provision({ provisioningMethod, runnerName: 'static-1', labels });
  const absentAt = new Date().toISOString();
  const other = replica.github.addRunner({ name: 'other', labels: ['self-hosted', 'linux', ...labels] });
  const see = (changes: Partial<SeenUnmanaged> = {}) =>
    replica.reportUnmanaged([
      {
        githubRunnerId: other.id,
        name: other.name,
        labels: other.labels,
        status: 'online',
        absentAt,
        sharesLabelsWith: [runnerId],
        ...changes,
      },
    ]);
  const isThere = async () => (await replica.github.getRunner(other.id)) !== 'absent';
  const since = async () => (await replica.history(runnerId)).slice(2);
  return { ...replica, other, see, isThere, since };
};
const SEEN = 'RunnerSurplusMachineSeen';
const REMOVED = 'RunnerSurplusMachineRemoved';

describe('another machine with the labels of a runner that was given a registration token', () => {
  it('is removed, and is no unmanaged runner', async () => {
    const { see, since, isThere } = await start();
    expect(await see()).toEqual([]);
    await until(async () => (await since()).includes(REMOVED));
    expect(await since()).toEqual([SEEN, REMOVED]);
    expect(await isThere()).toBe(false);
  });

  it('is removed when it is told of again, should GitHub not agree at first; told of once', async () => {
    const { see, since, github } = await start();
    github.refuseNext('deleteRunner', refusals.unavailable({ status: 502 }));
    expect(await see()).toEqual([]);
    await until(() => github.calls.includes('deleteRunner'));
    await until(async () => {
      await see();
      return (await since()).includes(REMOVED);
    });
    expect(await since()).toEqual([SEEN, REMOVED]);
  });

  it('is left alone while it runs a job', async () => {
    const { see, since, github, other, isThere } = await start();
    github.changeRunner(other.id, { busy: true });
    expect(await see()).toEqual([]);
    await until(() => github.calls.includes('getRunner'));
    expect(await since()).toEqual([SEEN]);
    expect(await isThere()).toBe(true);
    expect(github.calls).not.toContain('deleteRunner');
  });

  it('is only reported where changed labels are', async () => {
    const labelDrift = { action: 'alert', deleteBusyRunners: false } as const;
    const { see, since, isThere } = await start({ config: { labelDrift } });
    expect(await see()).toEqual([]);
    expect(await since()).toEqual([SEEN]);
    expect(await isThere()).toBe(true);
  });
});

describe('a machine that is not ours to remove', () => {
  it.each<[string, Partial<SeenUnmanaged>]>([
    ['was there at the first look', { absentAt: undefined }],
    ['may have been there before the token', { absentAt: '2026-01-16T15:30:00.000Z' }],
    ['has other labels', { labels: ['gpu', 'desk'] }],
    ['resembles nobody', { sharesLabelsWith: [] }],
  ])('%s', async (_, changes) => {
    const { see, since, other, isThere } = await start();
    expect(await see(changes)).toEqual([other.id]);
    expect(await since()).toEqual([]);
    expect(await isThere()).toBe(true);
  });

  it('turned up when the token was not good any more', async () => {
    const { see, other, since } = await start();
    expect(await minutesLater(61, () => see())).toEqual([other.id]);
    expect(await since()).toEqual([]);
  });

  it('has none but the labels of every machine', async () => {
    const { see, other } = await start({}, []);
    expect(await see()).toEqual([other.id]);
  });

  it('resembles a runner that was given a JIT config', async () => {
    const replica = provisionerReplica();
    const { runnerId } = await replica.provision({ labels: ['gpu'] });
    const other = replica.github.addRunner({ name: 'other', labels: ['gpu'] });
    const { id: githubRunnerId, name, labels } = other;
    const absentAt = new Date().toISOString();
    const seen = { githubRunnerId, name, labels, status: 'online' as const, absentAt };
    expect(await replica.reportUnmanaged([{ ...seen, sharesLabelsWith: [runnerId] }])).toEqual([other.id]);
  });
});
