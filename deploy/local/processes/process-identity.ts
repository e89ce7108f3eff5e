import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Names one process beyond the reuse of its pid: pid and start time. Undefined when no such process runs. */
export function processIdentity(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // The name in the second field may hold spaces and brackets: count from behind it.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return fields[0] === 'Z' ? undefined : `${pid} ${fields[19]}`;
    }
    return `${pid} ${execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()}`;
  } catch {
    return undefined;
  }
}
