import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = ['libs/{contracts,event-store,read-model,runtime}/src/**/*.ts', 'test/resume/tally.*.ts'];

/** The service of this folder and the libraries it needs, as JavaScript, to be a process that can be killed. */
export const compileService = () => {
  // below the project, so that its packages are found
  const cache = join(ROOT, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'resume-spec-'));
  const imports = { '#libs/*': './libs/*/src/index.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
  for (const source of globSync(SOURCES, { cwd: ROOT })) {
    if (/\.(spec|contract)\.ts$/.test(source)) continue;
    const { code } = transformFileSync(join(ROOT, source), { cwd: ROOT, sourceMaps: false });
    const target = join(folder, source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return {
    service: join(folder, 'test/resume/tally.process.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
