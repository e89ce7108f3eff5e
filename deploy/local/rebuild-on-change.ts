import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { appNames, type OwnProcessName } from './configuration/process-names.js';
import type { ProcessGroup } from './processes/process-group.js';

const sources = ['apps', 'libs', 'test'];
const settleMs = 200;

/** `npm run dev`: compiles whatever is saved and starts the processes again that are made of it. */
export function rebuildOnChange(
  root: string,
  processes: ProcessGroup,
  warn: (text: string) => void,
  stopped: AbortSignal,
): void {
  const dist = join(root, 'dist');
  let known = hashesBelow(dist);
  let timer: NodeJS.Timeout | undefined;
  let building = false;

  const rebuild = async () => {
    if (building) return schedule();
    building = true;
    await compile(root, stopped);
    building = false;
    if (stopped.aborted) return;
    const before = known;
    known = hashesBelow(dist);
    const changed = [...known].filter(([file, hash]) => before.get(file) !== hash).map(([file]) => file);
    const names = [...new Set(changed.flatMap(madeOf))].filter((name) => processes.names.includes(name));
    if (names.length > 0) warn(`Changed, starting again: ${names.join(', ')}`);
    for (const name of names) processes.restart(name);
  };
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(rebuild, settleMs);
  };
  for (const folder of sources) {
    watch(join(root, folder), { recursive: true, signal: stopped }, (_, file) => {
      if (file && /\.tsx?$/.test(file) && !/\.spec\.tsx?$/.test(file)) schedule();
    });
  }
}

/** Which processes a compiled file is part of. */
export function madeOf(file: string): OwnProcessName[] {
  if (file.startsWith('libs/embedded-event-store/')) return ['event-store'];
  if (file.startsWith('test/simulator/')) return ['simulator'];
  if (file.startsWith('libs/')) return [...appNames];
  return appNames.filter((name) => file.startsWith(`apps/${name}/`));
}

/** Its complaints go to the terminal; what it could make of the sources is used all the same. */
const compile = (root: string, stopped: AbortSignal) =>
  new Promise<void>((resolve) => {
    const compiler = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
    const args = [compiler, '-p', 'tsconfig.build.json'];
    spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], signal: stopped })
      .once('error', () => resolve())
      .once('exit', () => resolve());
  });

/** The compiler writes every file again, also those that are as they were. */
const hashesBelow = (folder: string) =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex'),
      ]),
  );
