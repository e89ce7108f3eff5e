import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { transformFileSync } from '@swc/core';

const SOURCES = resolve(import.meta.dirname, '..');
const REPOSITORY = resolve(SOURCES, '../../..');

/** Compiled sources, in a folder from which the project's packages can be found. */
export interface CompiledSources {
  readonly folder: string;
  remove(): void;
}

export const compileSources = (): CompiledSources => {
  const cache = join(REPOSITORY, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'embedded-event-store-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const source of globSync('**/*.ts', { cwd: SOURCES })) {
    if (/\.(spec|contract)\.ts$/.test(source)) continue;
    const target = join(folder, source.replace(/\.ts$/, '.js'));
    const { code } = transformFileSync(join(SOURCES, source), {
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process whose output is kept. */
export interface SpawnedProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<ExitStatus>;
  output(): string;
}

/** Runs one of the compiled files with nothing but this environment. */
export const spawnCompiled = (
  { folder }: CompiledSources,
  file: string,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): SpawnedProcess => {
  const child = spawn(process.execPath, [...flags, join(folder, file)], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, exited, output: () => output };
};

/** The server as a process of its own, listening. */
export interface EventStoreProcess extends SpawnedProcess {
  readonly connectionString: string;
  readonly internalUrl: string;
}

/** As it is run in earnest: see the README. */
const MEMORY_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=128'];

/** @param folder where the event store file and the run file lie */
export const startEventStoreProcess = async (
  sources: CompiledSources,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<EventStoreProcess> => {
  const runFile = join(folder, 'event-store.json');
  rmSync(runFile, { force: true });
  const settings = {
    EVENT_STORE_PORT: '0',
    EVENT_STORE_FILE: join(folder, 'events.sqlite'),
    RUN_FILE: runFile,
    ...environment,
  };
  const spawned = spawnCompiled(sources, 'main.js', settings, MEMORY_FLAGS);
  const { connection_string, internal_url } = await readWhenThere(runFile, spawned);
  return { ...spawned, connectionString: connection_string, internalUrl: internal_url };
};

const readWhenThere = async (
  runFile: string,
  { child, output }: SpawnedProcess,
): Promise<{ connection_string: string; internal_url: string }> => {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    if (child.exitCode !== null) break;
    try {
      return JSON.parse(readFileSync(runFile, 'utf8')) as { connection_string: string; internal_url: string };
    } catch {
      await setTimeout(10);
    }
  }
  throw new Error(`The event store did not start: ${output()}`);
};
