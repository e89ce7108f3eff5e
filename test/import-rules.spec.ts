import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

type Report = {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
};

it('nobody imports what they may not, and there are no cycles', async () => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [CRUISER, '--output-type', 'json', 'apps', 'libs', 'test', 'deploy'],
    { cwd: ROOT, env, maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { stdout: string }) => error);
  const { violations, totalCruised } = (JSON.parse(stdout) as Report).summary;
  expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  expect(totalCruised).toBeGreaterThan(300);
}, 60_000);
