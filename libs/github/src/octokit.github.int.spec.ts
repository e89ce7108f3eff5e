import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { simulatorsHeldToDescriptions } from '../../../test/simulator/held-to-descriptions.js';
import type { StartedSimulator } from '../../../test/simulator/src/index.js';
import { createGithub } from './create-github.js';
import { githubContract } from './github.contract.js';
import type { Github, RateBudget } from './github.port.js';
import { isCounted, type ObservedCall, type OnCall } from './on-call.js';

const startSimulator = simulatorsHeldToDescriptions();
const log = { debug: () => {}, warn: () => {} };

const githubAt = ({ url, app }: StartedSimulator, apiPath = '', onCall: OnCall = () => {}): Github =>
  createGithub({
    apiUrl: url + apiPath,
    webUrl: url,
    org: app.org,
    appId: app.appId,
    installationId: app.installationId,
    privateKey: app.privateKeyPem,
    onCall,
    log,
  });

const underTest = (flavour: 'github.com' | 'ghes', apiPath: string) => async () => {
  const simulator = await startSimulator();
  simulator.switches.patch({ flavour });
  const queueJob = async () => {
    const response = await fetch(`${simulator.url}/_simulator/jobs`, {
      method: 'POST',
      body: JSON.stringify({ labels: ['nobody-has-this'], repository: 'site' }),
    });
    return (await response.json()) as { id: number; run_id: number };
  };
  return {
    github: githubAt(simulator, apiPath),
    runnerGroupId: 1,
    occupy: async (id: number) => {
      const response = await fetch(`${simulator.url}/_simulator/runners/${id}`, {
        method: 'PATCH',
        body: JSON.stringify({ status: 'online', busy: true }),
      });
      expect(response.status).toBe(200);
    },
    startRun: async () => {
      const { run_id: runId } = await queueJob();
      return { repository: `${simulator.app.org}/site`, runId };
    },
    startJob: async () => {
      const { id: jobId } = await queueJob();
      const cancel = async () => {
        await fetch(`${simulator.url}/_simulator/jobs/${jobId}/cancel`, { method: 'POST' });
      };
      return { repository: `${simulator.app.org}/site`, jobId, cancel };
    },
    close: () => simulator.stop(),
  };
};

githubContract('OctokitGithub at github.com, simulated,', underTest('github.com', ''));
githubContract('OctokitGithub at an Enterprise Server, simulated,', underTest('ghes', '/api/v3'));

describe('OctokitGithub, when the simulator behaves oddly', () => {
  const asked = { runnerGroupId: 1, labels: ['linux'], workFolder: '_work' };
  const jitConfigOperation = 'actions/generate-runner-jitconfig-for-org';
  let simulator: StartedSimulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  beforeEach(() => {
    simulator.switches.reset();
  });
  afterAll(() => simulator.stop());

  it('does not know about a runner whose answer was lost, and can look it up', async () => {
    const github = githubAt(simulator);
    simulator.switches.patch({
      failures: [{ operation: jitConfigOperation, status: 502, next: 1, when: 'after' }],
    });

    await expect(github.generateJitConfig({ ...asked, name: 'lost' })).rejects.toMatchObject({
      reason: 'unavailable',
      uncertain: true,
    });

    expect(await github.findRunnerByName('lost')).toMatchObject({ name: 'lost', status: 'offline' });
  });

  it('pays nothing for a list that has not changed', async () => {
    const github = githubAt(simulator);
    await github.generateJitConfig({ ...asked, name: 'listed' });
    const first = await github.listRunners();
    const { seenAt: _, ...before } = github.budget() as RateBudget;

    const second = await github.listRunners();

    expect([first.countedRequests, second.countedRequests]).toEqual([1, 0]);
    expect(second.runners).toEqual(first.runners);
    expect(github.budget()).toMatchObject(before);
  });

  it('pays nothing for a runner that has not changed since it was looked up', async () => {
    const counted: ObservedCall[] = [];
    const github = githubAt(simulator, '', (call) => isCounted(call) && counted.push(call));
    const { runner } = await github.generateJitConfig({ ...asked, name: 'looked-up' });
    const change = (body: object) =>
      fetch(`${simulator.url}/_simulator/runners/${runner.id}`, {
        method: 'PATCH',
        body: JSON.stringify(body),
      });

    expect(await github.getRunner(runner.id)).toEqual(runner);
    expect(await github.getRunner(runner.id)).toEqual(runner);
    expect(counted.map(({ operation }) => operation)).toEqual(['generateJitConfig', 'getRunner']);
    await change({ status: 'online' });
    expect(await github.getRunner(runner.id)).toMatchObject({ status: 'online' });
    expect(counted).toHaveLength(3);
    await github.deleteRunner(runner.id);
    expect(await github.getRunner(runner.id)).toBe('absent');
  });

  it.each([
    ['hours ahead of us', 7200],
    ['hours behind us', -7200],
  ])('signs in at a GitHub whose clock is %s', async (_case, clock_skew_seconds) => {
    simulator.switches.patch({ clock_skew_seconds });

    expect(await githubAt(simulator).listRunners()).toMatchObject({ runners: expect.any(Array) });
  });

  it('signs in with tokens of the newer form', async () => {
    simulator.switches.patch({ token_format: 'stateless' });

    expect(await githubAt(simulator).listRunners()).toMatchObject({ runners: expect.any(Array) });
  });

  it('is refused by a suspended installation', async () => {
    simulator.switches.patch({ installation_suspended: true });

    await expect(
      githubAt(simulator).generateJitConfig({ ...asked, name: 'suspended' }),
    ).rejects.toMatchObject({
      reason: 'forbidden',
      uncertain: false,
    });
  });

  it('knows its budget, and of none where there are no limits', async () => {
    const github = githubAt(simulator);
    await github.listRunners();
    expect(github.budget()).toMatchObject({ limit: 1_000_000 });

    simulator.switches.patch({ flavour: 'ghes' });
    const unlimited = githubAt(simulator, '/api/v3');
    await unlimited.listRunners();

    expect(unlimited.budget()).toBe('unknown');
  });
});
