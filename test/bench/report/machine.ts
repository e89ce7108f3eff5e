import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Where and on what the figures were measured. */
export type Machine = {
  cores: number;
  cpu: string;
  memoryGiB: number;
  system: string;
  node: string;
  /** Undefined outside of a git checkout. */
  commit: string | undefined;
  /** Processes that wanted to run in the minute before: above 0.5, somebody else was at work. */
  loadBefore: number;
};

export const describeMachine = (root: string): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()} ${process.arch}`,
  node: process.version,
  commit: commitOf(root),
  loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
});

export const lineOf = ({ cores, cpu, memoryGiB, node, commit, loadBefore }: Machine): string =>
  `${cores} × ${cpu}, ${memoryGiB} GiB, Node ${node}, commit ${commit ?? 'unknown'}, load before ${loadBefore}`;

/** With `+` behind it when files differ from the commit. */
const commitOf = (root: string): string | undefined => {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
  } catch {
    return undefined;
  }
};
