import type { Profile } from './recording.js';
import type { Share } from './self-time.js';

const FUNCTIONS = 14;
const PACKAGES = 14;
/** A process that did less was only looked at. */
const WORTH_SHOWING_PERCENT = 2;

/** Where the time of each process went, for a person without a tool. */
export const summaryOf = (what: string, profiles: readonly Profile[]): string =>
  profiles
    .filter(({ selfTime: { busyPercent } }) => busyPercent >= WORTH_SHOWING_PERCENT)
    .sort((a, b) => b.selfTime.busyMs - a.selfTime.busyMs)
    .map(({ process, file, selfTime: { busyPercent, busyMs, functions, packages } }) =>
      [
        `${what}: ${process} was busy ${busyPercent.toFixed(0)} % of the time (${busyMs.toFixed(0)} ms)  ${file}`,
        ...columns(lines(functions, FUNCTIONS), lines(packages, PACKAGES)),
      ].join('\n'),
    )
    .join('\n\n');

const lines = (shares: readonly Share[], most: number): string[] =>
  shares.slice(0, most).map(({ name, percent }) => `${percent.toFixed(1).padStart(5)} %  ${name}`);

const columns = (left: readonly string[], right: readonly string[]): string[] => {
  const width = Math.max(...left.map(({ length }) => length), 0);
  return left.map((line, index) => `  ${line.padEnd(width)}  ${right[index] ?? ''}`.trimEnd());
};
