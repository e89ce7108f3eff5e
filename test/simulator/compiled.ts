import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';

/** The simulator as JavaScript, for specs that need it as a process of its own. */
export function compiled() {
  const root = resolve(import.meta.dirname, '../..');
  const source = join(import.meta.dirname, 'src');
  // Below the project, so that its packages are found.
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'simulator-spec-'));
  for (const path of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const { code } = transformFileSync(join(source, path), { cwd: root, sourceMaps: false });
    const target = join(folder, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return {
    simulator: join(folder, 'main.js'),
    runner: join(folder, 'runner/main.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
