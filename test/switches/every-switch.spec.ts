import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { switchNames } from '../simulator/src/admin/switch-names.js';

/** The names in the first argument of `whenSwitched`, and of what is built on it. */
const namedIn = (source: string): string[] => [
  ...[...source.matchAll(/whenSwitched\(\s*\[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name),
  ),
  ...[...source.matchAll(/struckBy\(\s*'([^']+)'/g)].map(([, name = '']) => name),
];

it('every switch of the simulator is exercised by a test of the service', () => {
  const sources = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && file !== 'every-switch.spec.ts')
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'));
  expect([...new Set(sources.flatMap(namedIn))].sort()).toEqual([...switchNames].sort());
});
