import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const outcome = resolve(import.meta.dirname, 'outcome.mjs');

/** The module runs as it is, on plain Node. */
const evaluate = (expression: string): unknown =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import * as o from '${outcome}'; console.log(JSON.stringify(${expression}))`,
      ],
      { encoding: 'utf8' },
    ),
  );

describe('the outcome of a test run', () => {
  it('counts a file that could not be loaded as a failure, and adds up the runs', () => {
    expect(
      evaluate(`(() => {
        const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 };
        const sum = o.total([
          o.outcomeOf({ ...report, numRuntimeErrorTestSuites: 1 }),
          o.outcomeOf({ ...report, numRuntimeErrorTestSuites: 0 }),
        ]);
        return [o.lineOf(sum), o.isGood(sum)];
      })()`),
    ).toEqual(['6 passed, 1 failed, 4 skipped', false]);
  });

  it('is good when something passed and nothing failed', () => {
    expect(
      evaluate(`[
        o.lineOf({ passed: 2, failed: 0, skipped: 0 }),
        o.isGood({ passed: 2, failed: 0, skipped: 0 }),
        o.isGood({ passed: 0, failed: 0, skipped: 5 }),
      ]`),
    ).toEqual(['2 passed, 0 failed', true, false]);
  });
});
