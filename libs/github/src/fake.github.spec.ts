import { describe, expect, it } from '@jest/globals';
import { FakeGithub } from './fake.github.js';
import { githubContract } from './github.contract.js';
import { refusals } from './refusals.js';

githubContract('FakeGithub', async () => {
  const github = new FakeGithub();
  return {
    github,
    runnerGroupId: 1,
    occupy: async (id) => github.changeRunner(id, { status: 'online', busy: true }),
    startRun: async () => {
      github.startRun('octo-org/site', 1);
      return { repository: 'octo-org/site', runId: 1 };
    },
    startJob: async () => {
      github.startJob('octo-org/site', 2);
      const cancel = async () => github.endJob('octo-org/site', 2, 'cancelled');
      return { repository: 'octo-org/site', jobId: 2, cancel };
    },
    close: async () => {},
  };
});

describe('FakeGithub, disturbed', () => {
  const request = { name: 'jit-a1', runnerGroupId: 1, labels: ['linux'], workFolder: '_work' };

  it('refuses the next call of an operation and does nothing', async () => {
    const github = new FakeGithub();
    github.refuseNext('generateJitConfig', refusals.unavailable({ networkCode: 'ECONNREFUSED' }));

    await expect(github.generateJitConfig(request)).rejects.toMatchObject({ reason: 'unavailable' });

    expect(await github.findRunnerByName('jit-a1')).toBe('absent');
    expect((await github.generateJitConfig(request)).runner.name).toBe('jit-a1');
    expect(github.calls).toEqual(['generateJitConfig', 'findRunnerByName', 'generateJitConfig']);
  });

  it('does what it was asked and loses the answer', async () => {
    const github = new FakeGithub();
    github.loseAnswerOfNext('generateJitConfig');

    await expect(github.generateJitConfig(request)).rejects.toMatchObject({ uncertain: true });

    expect(await github.findRunnerByName('jit-a1')).toMatchObject({ name: 'jit-a1' });
  });

  it('holds a call until it is released', async () => {
    const github = new FakeGithub();
    const release = github.holdNext('getRunner');
    const { id } = github.addRunner({ name: 'late' });
    const looking = github.getRunner(id);
    github.changeRunner(id, { status: 'online' });

    release();

    expect(await looking).toMatchObject({ status: 'online' });
  });

  it('hands out copies', async () => {
    const github = new FakeGithub();
    const runner = github.addRunner({ name: 'mine', labels: ['GPU'] });
    runner.labels.push('changed');

    expect(await github.getRunner(runner.id)).toMatchObject({ labels: ['gpu'] });
  });
});
