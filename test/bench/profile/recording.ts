import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../processes/poll.js';
import type { WatchedProcess } from '../processes/watched-process.js';
import { type CpuProfile, type SelfTime, selfTimeOf } from './self-time.js';

const RECORDER = new URL('./recorder.js', import.meta.url).href;

/** Flags and variables of a process that can be profiled. */
export const profilingFlags = ['--import', RECORDER];
export const profilingVariables = (folder: string): Record<string, string> => ({
  BENCH_PROFILES: folder,
  NODE_OPTIONS: `--import ${RECORDER}`,
});

/** What one process did while something was measured. */
export type Profile = { process: string; file: string; selfTime: SelfTime };

/**
 * Profiles some processes at once, from now until the function it resolves with is called.
 * @param folder that was named to the processes by `profilingVariables`; the profiles stay there
 */
export const record = async (
  processes: readonly WatchedProcess[],
  folder: string,
  what: string,
): Promise<() => Promise<readonly Profile[]>> => {
  mkdirSync(folder, { recursive: true });
  // nats-server is no Node
  const ours = processes.filter(({ name }) => name !== 'nats');
  const left = ({ pid }: WatchedProcess, ending: string) => join(folder, `${pid}.${ending}`);
  const signal = async (ending: string) => {
    for (const { pid } of ours) process.kill(pid, 'SIGURG');
    await poll('the profilers have answered', () =>
      ours.every((watched) => existsSync(left(watched, ending))) ? true : undefined,
    );
  };
  await signal('started');
  return async () => {
    await signal('cpuprofile');
    return ours.map((watched) => {
      rmSync(left(watched, 'started'));
      const file = join(folder, `${what.replace(/[^\w-]+/g, '-')}.${watched.name}.cpuprofile`);
      renameSync(left(watched, 'cpuprofile'), file);
      const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
      return { process: watched.name, file, selfTime: selfTimeOf(profile) };
    });
  };
};
