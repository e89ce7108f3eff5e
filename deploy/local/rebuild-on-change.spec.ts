import { describe, expect, it } from '@jest/globals';
import { madeOf } from './rebuild-on-change.js';

describe('a changed file', () => {
  it.each([
    ['apps/audit/src/main.js', ['audit']],
    ['libs/embedded-event-store/src/main.js', ['event-store']],
    ['test/simulator/src/main.js', ['simulator']],
    ['libs/contracts/src/index.js', ['gateway', 'provisioner', 'sync', 'audit', 'dashboard']],
    ['deploy/local/launcher.js', []],
  ])('%s starts %j again', (file, names) => {
    expect(madeOf(file)).toEqual(names);
  });
});
