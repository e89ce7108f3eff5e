import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readAnswered, readDescription } from './github-description/description.js';
import { misplacedPages, undescribedOperations } from './github-description/undescribed.js';
import { simulatorsHeldToDescriptions } from './held-to-descriptions.js';
import type { StartedSimulator } from './src/index.js';

const startSimulator = simulatorsHeldToDescriptions();
const answered = readAnswered().operations;
const { operations } = readDescription('api.github.com');

let simulator: StartedSimulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());

const described = () => simulator.routes.filter(({ operation }) => !undescribedOperations[operation]);

describe('the routes of the simulator', () => {
  it('are the operations the descriptions were stripped down to', () => {
    expect(
      described()
        .map(({ operation }) => operation)
        .sort(),
    ).toEqual(answered);
    expect(Object.keys(operations).sort()).toEqual(answered);
  });

  it('and the registration of runners, which is described nowhere', () => {
    const others = simulator.routes.filter((route) => !described().includes(route));
    expect(others.map(({ operation }) => operation).sort()).toEqual(
      Object.keys(undescribedOperations).sort(),
    );
  });

  it('have the method, the address and the documentation GitHub describes', () => {
    const ours = described().map(({ operation, method, path, docs }) => ({
      operation,
      method,
      path: path.replace(/^\/repos\/:org\//, '/repos/:owner/').replace(/:(\w+)/g, '{$1}'),
      page: `https://docs.github.com/rest${docs}`,
    }));
    const gitHubs = ours.map(({ operation }) => ({
      operation,
      method: operations[operation]?.method,
      path: operations[operation]?.path,
      page: misplacedPages[operation] ? expect.any(String) : operations[operation]?.documentation,
    }));
    expect(ours).toEqual(gitHubs);
  });

  it('are open to installation tokens where GitHub says so', () => {
    const open = described()
      .filter(({ access }) => access.startsWith('installation'))
      .map(({ operation }) => operation);
    expect(open.filter((operation) => !operations[operation]?.enabledForGitHubApps)).toEqual([]);
  });
});
