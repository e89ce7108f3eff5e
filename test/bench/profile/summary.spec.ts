import { expect, it } from '@jest/globals';
import type { Profile } from './recording.js';
import { summaryOf } from './summary.js';

const share = (name: string, percent: number) => ({ name, percent, milliseconds: percent });
const profile = (process: string, busyPercent: number): Profile => ({
  process,
  file: `${process}.cpuprofile`,
  selfTime: {
    busyPercent,
    busyMs: busyPercent * 10,
    functions: [share('parse  core/parse.js:10', 60), share('decide', 5)],
    packages: [share('zod', 60.04)],
  },
});

it('a summary shows the busiest process first, functions beside packages, and leaves out who hardly did anything', () => {
  expect(summaryOf('hooks', [profile('gateway', 20), profile('audit', 1), profile('sync', 90)])).toBe(
    [
      'hooks: sync was busy 90 % of the time (900 ms)  sync.cpuprofile',
      '   60.0 %  parse  core/parse.js:10   60.0 %  zod',
      '    5.0 %  decide',
      '',
      'hooks: gateway was busy 20 % of the time (200 ms)  gateway.cpuprofile',
      '   60.0 %  parse  core/parse.js:10   60.0 %  zod',
      '    5.0 %  decide',
    ].join('\n'),
  );
});
