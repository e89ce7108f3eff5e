import { describe, expect, it } from '@jest/globals';
import type { GithubRunner } from '#libs/github';
import { refusals } from '#libs/github';
import { minutesLater } from '../testing/minutes-later.js';
import { provisionerReplica } from '../testing/provisioner.js';
import { codeOf } from '../testing/tenancy.js';

const provisioned = async (
  request: Parameters<ReturnType<typeof provisionerReplica>['provision']>[0] = {},
) => {
  const replica = provisionerReplica();
  const { runnerId, runnerName } = await replica.provision({ labels: ['gpu'], ...request });
  const found = await replica.github.findRunnerByName(runnerName);
  const { id: githubRunnerId } = found === 'absent' ? { id: 0 } : (found as GithubRunner);
  const since = async () => (await replica.history(runnerId)).slice(2);
  return { ...replica, runnerId, runnerName, githubRunnerId, since };
};
const HOUR = 60;

describe('a runner that was not seen to connect in time', () => {
  it('is looked at before it is given up: one that is online lives on', async () => {
    const { github, githubRunnerId, settle, runnerId, since } = await provisioned();
    github.changeRunner(githubRunnerId, { status: 'online' });
    await minutesLater(61, () => settle(runnerId));
    expect(await since()).toEqual(['RunnerCameOnline']);
  });

  it('is not given up while GitHub cannot be asked', async () => {
    const { github, settle, runnerId, since } = await provisioned();
    github.refuseNext('getRunner', refusals.unavailable({ status: 502 }));
    expect(await codeOf(minutesLater(61, () => settle(runnerId)))).toBe('github-unavailable');
    expect(await since()).toEqual([]);
  });

  it('is gone when GitHub has forgotten it', async () => {
    const { github, githubRunnerId, settle, runnerId, since, slotsInUse } = await provisioned();
    github.removeRunner(githubRunnerId);
    await minutesLater(61, () => settle(runnerId));
    expect(await since()).toEqual(['RunnerDeprovisioningRequested', 'RunnerDeleted']);
    expect(github.calls).not.toContain('deleteRunner');
    expect(await slotsInUse()).toBe(0);
  });

  it('is recognised by its name when it registered itself', async () => {
    const { github, settle, runnerId, runnerName, since } = await provisioned({
      provisioningMethod: 'registration_token',
    });
    github.addRunner({ name: runnerName, labels: ['linux', 'gpu'], status: 'online' });
    await minutesLater(61, () => settle(runnerId));
    expect(await since()).toEqual(['RunnerRegistered', 'RunnerCameOnline']);
  });
});

describe('a runner that is offline', () => {
  const offline = async () => {
    const runner = await provisioned();
    const { observe, runnerId, githubRunnerId } = runner;
    const see = (status: 'online' | 'offline') =>
      observe(runnerId, { status, busy: false, githubRunnerId, labels: ['gpu'] });
    runner.github.changeRunner(githubRunnerId, { labels: ['gpu'] });
    await see('online');
    await see('offline');
    return { ...runner, since: async () => (await runner.history(runnerId)).slice(4) };
  };

  it('is left alone for a day', async () => {
    const { settle, runnerId, since, github } = await offline();
    await minutesLater(23 * HOUR, () => settle(runnerId));
    expect(await since()).toEqual([]);
    expect(github.calls).not.toContain('getRunner');
  });

  it('is stale after that, when it still is', async () => {
    const { settle, runnerId, since, github, githubRunnerId, slotsInUse } = await offline();
    await minutesLater(25 * HOUR, () => settle(runnerId));
    expect(await since()).toEqual(['RunnerDeprovisioningRequested', 'RunnerDeleted']);
    expect(await github.getRunner(githubRunnerId)).toBe('absent');
    expect(await slotsInUse()).toBe(0);
  });

  it('lives on when a look shows it online', async () => {
    const { settle, runnerId, since, github, githubRunnerId } = await offline();
    github.changeRunner(githubRunnerId, { status: 'online' });
    await minutesLater(25 * HOUR, () => settle(runnerId));
    expect(await since()).toEqual(['RunnerCameOnline']);
  });
});

describe('a runner that has ended and is still at GitHub', () => {
  const ended = async () => {
    const runner = await provisioned();
    const { github, githubRunnerId, deprovision, runnerId } = runner;
    // GitHub says it has deleted it, and has not
    const before = (await github.getRunner(githubRunnerId)) as GithubRunner;
    await deprovision(runnerId);
    return {
      ...runner,
      comesBack: (changes: Partial<GithubRunner> = {}) => github.restoreRunner({ ...before, ...changes }),
    };
  };

  it('is deleted there', async () => {
    const { github, githubRunnerId, settle, runnerId, comesBack } = await ended();
    comesBack();
    await settle(runnerId);
    expect(await github.getRunner(githubRunnerId)).not.toBe('absent');
    await settle(runnerId, { stillAtGithub: true });
    expect(await github.getRunner(githubRunnerId)).toBe('absent');
  });

  it('is left alone while it is online', async () => {
    const { github, githubRunnerId, settle, runnerId, comesBack } = await ended();
    comesBack({ status: 'online' });
    await settle(runnerId, { stillAtGithub: true });
    expect(await github.getRunner(githubRunnerId)).not.toBe('absent');
  });
});
