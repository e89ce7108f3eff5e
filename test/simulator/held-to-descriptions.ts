import { afterEach, expect } from '@jest/globals';
import { describedObserver } from './described-observer.js';
import { type StartOptions, startSimulator } from './src/index.js';

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
