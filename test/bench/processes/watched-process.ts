import { readFileSync } from 'node:fs';

/** A process whose time and memory are looked at. */
export type WatchedProcess = { name: string; pid: number };

/** What Linux counts CPU time in (`USER_HZ`): 10 ms. */
const TICKS_PER_SECOND = 100;

/** CPU time since its start, user and system together, in seconds; undefined where there is no /proc. */
export const cpuSecondsOf = ({ pid }: WatchedProcess): number | undefined => {
  try {
    // The name in the second field may hold spaces and brackets: count from behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
};

export type Memory = {
  /** Resident: what of the process is in memory, pages shared with other processes counted in full. */
  rssMiB: number;
  /** Proportional: shared pages divided among those that share them. The sum over processes is what they take. */
  pssMiB: number;
  /** The most it ever was resident. */
  peakMiB: number;
};

export const memoryOf = ({ pid }: WatchedProcess): Memory | undefined => {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      rssMiB: mebibytes(rollup, 'Rss'),
      pssMiB: mebibytes(rollup, 'Pss'),
      peakMiB: mebibytes(status, 'VmHWM'),
    };
  } catch {
    return undefined;
  }
};

/** The files of /proc say `Rss:      1234 kB`. */
export const mebibytes = (text: string, field: string): number => {
  const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text) ?? [];
  if (kibibytes === undefined) throw new Error(`there is no ${field}`);
  return Number(kibibytes) / 1024;
};

/** The time each spent while the work was done, in seconds; a process that was replaced meanwhile is left out. */
export const cpuSpent = async <T>(
  processes: readonly WatchedProcess[],
  work: () => Promise<T>,
): Promise<{ result: T; cpu: Record<string, number> }> => {
  const before = processes.map(cpuSecondsOf);
  const result = await work();
  const spent = processes.flatMap((process, index) => {
    const [from, to] = [before[index], cpuSecondsOf(process)];
    return from === undefined || to === undefined ? [] : [[process.name, to - from] as const];
  });
  return { result, cpu: Object.fromEntries(spent) };
};
