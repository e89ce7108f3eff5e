import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** The modules run as they are, on plain Node. */
const evaluate = (expression: string): unknown =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import * as o from '${resolve(import.meta.dirname, 'outcome.mjs')}';
         import { withSecondLook } from '${resolve(import.meta.dirname, 'second-look.mjs')}';
         const file = (name, ...tests) => ({
           name,
           status: tests.includes('failed') || tests.length === 0 ? 'failed' : 'passed',
           assertionResults: tests.map((status) => ({ status })),
         });
         const report = (...testResults) => ({ testResults });
         const looked = async (first, second) => {
           const asked = [];
           const { outcome, unstable } = await withSecondLook(first, async (files) => {
             asked.push(...files);
             return second;
           });
           return { asked, line: o.lineOf(outcome), unstable };
         };
         console.log(JSON.stringify(await ${expression}))`,
      ],
      { encoding: 'utf8' },
    ),
  );

describe('the outcome of a test run', () => {
  it('counts a file that could not be loaded as a failure, and adds up the runs', () => {
    expect(
      evaluate(`(() => {
        const sum = o.total([
          o.outcomeOf(report(file('a', 'passed', 'passed', 'pending', 'todo'), file('unloadable'))),
          o.outcomeOf(report(file('b', 'passed', 'pending'))),
        ]);
        return [o.lineOf(sum), o.isGood(sum)];
      })()`),
    ).toEqual(['3 passed, 1 failed, 3 skipped', false]);
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

describe('a second look at what failed', () => {
  const first = `report(file('good', 'passed', 'passed'), file('shaky', 'passed', 'failed'))`;

  it('counts what passes alone, and names it', () => {
    expect(evaluate(`looked(${first}, report(file('shaky', 'passed', 'passed')))`)).toEqual({
      asked: ['shaky'],
      line: '4 passed, 0 failed',
      unstable: ['shaky'],
    });
  });

  it('leaves failed what fails again', () => {
    expect(evaluate(`looked(${first}, report(file('shaky', 'passed', 'failed')))`)).toEqual({
      asked: ['shaky'],
      line: '3 passed, 1 failed',
      unstable: [],
    });
  });

  it('leaves failed what was not seen again', () => {
    expect(evaluate(`looked(${first}, report())`)).toEqual({
      asked: ['shaky'],
      line: '3 passed, 1 failed',
      unstable: [],
    });
  });

  it('is not taken when much has failed, or nothing', () => {
    const all = ['a', 'b', 'c', 'd'].map((name) => `file('${name}', 'failed')`).join(', ');
    expect(evaluate(`looked(report(${all}), report())`)).toEqual({
      asked: [],
      line: '0 passed, 4 failed',
      unstable: [],
    });
    expect(evaluate(`looked(report(file('good', 'passed')), report())`)).toEqual({
      asked: [],
      line: '1 passed, 0 failed',
      unstable: [],
    });
  });
});
