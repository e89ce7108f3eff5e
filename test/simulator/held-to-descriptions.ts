import { afterEach, expect } from '@jest/globals';
import { answerJudge } from './github-description/answer-judge.js';
import { hookJudge } from './github-description/hook-judge.js';
import { type StartOptions, startSimulator } from './src/index.js';
import type { Observer } from './src/observer.js';

/**
 * For specs: starts simulators of which every answer and every webhook is compared with GitHub's descriptions. A
 * test in which something differs fails, with the places and reasons. To be called once, outside of all tests.
 */
export function simulatorsHeldToDescriptions() {
  const differences = new Set<string>();
  const observer = describedObserver((difference) => differences.add(difference));
  afterEach(() => {
    const found = [...differences];
    differences.clear();
    expect(found).toEqual([]);
  });
  return (options: StartOptions = {}) => startSimulator({ ...options, observer });
}

/** Tells each difference between what is observed and what is described. */
export function describedObserver(tell: (difference: string) => void): Observer {
  const gitHub = answerJudge('api.github.com');
  const server = answerJudge('ghes-3.19');
  const judgeHook = hookJudge();
  return {
    answered: (exchange) => {
      const judge = exchange.answer.headers['x-github-enterprise-version'] ? server : gitHub;
      for (const difference of judge(exchange)) tell(difference);
    },
    sending: (hook) => {
      for (const difference of judgeHook(hook)) tell(difference);
    },
  };
}
