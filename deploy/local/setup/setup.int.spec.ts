import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** A copy of the set-up in a project of its own, so that it can be tried without touching this one. */
describe('the set-up', () => {
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'setup-'));
    cpSync(import.meta.dirname, join(project, 'deploy/local/setup'), {
      recursive: true,
      filter: (path) => !path.endsWith('.ts'),
    });
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const script = (body: string): string[] => ['--input-type=module', '-e', body];
  const module_ = (name: string) => join(project, 'deploy/local/setup', name);
  const run = (body: string) =>
    execFileSync(process.execPath, script(body), { encoding: 'utf8', stdio: 'pipe' });

  const holdLock = (milliseconds: number, then = '') =>
    script(`
      import { alone } from '${module_('setup-lock.mjs')}';
      import { appendFileSync } from 'node:fs';
      const note = (text) => appendFileSync('${join(project, 'journal')}', text + '\\n');
      await alone(async () => {
        note('in');
        await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));
        note('out');
      });
      ${then}`);
  const journal = () => readFileSync(join(project, 'journal'), 'utf8').trim().split('\n');
  const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

  it('is done by one start at a time', async () => {
    const starts = [0, 1, 2].map(() => spawn(process.execPath, holdLock(100), { stdio: 'ignore' }));
    await Promise.all(starts.map(ended));
    expect(journal()).toEqual(['in', 'out', 'in', 'out', 'in', 'out']);
    expect(existsSync(join(project, '.cache/setup.lock'))).toBe(false);
  });

  it('is taken over from a start that was killed', async () => {
    rmSync(join(project, 'journal'));
    const killed = spawn(process.execPath, holdLock(60_000), { stdio: 'ignore' });
    const isIn = () => existsSync(join(project, 'journal')) && journal().includes('in');
    while (!isIn()) await new Promise((resolve) => setTimeout(resolve, 20));
    killed.kill('SIGKILL');
    await ended(killed);
    expect(existsSync(join(project, '.cache/setup.lock'))).toBe(true);
    const next = [0, 1].map(() => spawn(process.execPath, holdLock(50), { stdio: 'ignore' }));
    await Promise.all(next.map(ended));
    expect(journal()).toEqual(['in', 'in', 'out', 'in', 'out']);
  });

  describe('dependencies', () => {
    const lock = (version: string) =>
      JSON.stringify({
        packages: {
          '': {},
          'node_modules/a': { version, integrity: `sha512-${version}` },
          'node_modules/for-another-system': { version: '1.0.0', optional: true },
        },
      });
    /** A stand-in for npm that installs what the lock lists. */
    const install = () => {
      const npm = join(project, 'npm.js');
      writeFileSync(
        npm,
        `const fs = require('fs'); console.log(process.argv[2]); fs.mkdirSync('node_modules', { recursive: true });
         const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
         delete packages[''], delete packages['node_modules/for-another-system'];
         fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
         fs.appendFileSync('npm-journal', 'ci\\n');`,
      );
      return run(`
        process.env.npm_execpath = '${npm}';
        const { ensureDependencies } = await import('${module_('dependencies.mjs')}');
        await ensureDependencies();`);
    };
    const installations = () => readFileSync(join(project, 'npm-journal'), 'utf8').trim().split('\n').length;

    it('are installed once, and again when the lock changes', () => {
      writeFileSync(join(project, 'package-lock.json'), lock('1.0.0'));
      install();
      install();
      expect(installations()).toBe(1);
      writeFileSync(join(project, 'package-lock.json'), lock('1.0.1'));
      install();
      expect(installations()).toBe(2);
    });
  });

  describe('the build', () => {
    const build = () =>
      run(`
        const { ensureBuild } = await import('${module_('build.mjs')}');
        await ensureBuild();`);
    const compilations = () => readFileSync(join(project, 'tsc-journal'), 'utf8').trim().split('\n').length;

    it('runs once, and again when a source changes', () => {
      const write = (file: string, text: string) => {
        mkdirSync(join(project, file, '..'), { recursive: true });
        writeFileSync(join(project, file), text);
      };
      for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) {
        write(file, '{}');
      }
      for (const folder of ['libs', 'test']) mkdirSync(join(project, folder), { recursive: true });
      write('apps/x/main.ts', 'one');
      write(
        'node_modules/typescript-native/bin/tsc',
        `require('fs').appendFileSync('tsc-journal', 'built\\n');`,
      );
      const platform = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
      const binary = `node_modules/${platform}-${process.platform}-${process.arch}/bin/node`;
      mkdirSync(join(project, binary, '..'), { recursive: true });
      symlinkSync(process.execPath, join(project, binary));
      build();
      build();
      expect(compilations()).toBe(1);
      write('apps/x/main.ts', 'two');
      write('apps/x/main.spec.ts', 'no part of the build');
      build();
      expect(compilations()).toBe(2);
      write('apps/x/main.spec.ts', 'still none');
      build();
      expect(compilations()).toBe(2);
    });
  });
});
