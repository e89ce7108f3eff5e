/** The part of a V8 CPU profile that is read here; times are microseconds. */
export type CpuProfile = {
  nodes: readonly {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
  }[];
  samples: readonly number[];
  timeDeltas: readonly number[];
};

/** A part of the time a process was busy. */
export type Share = { name: string; milliseconds: number; percent: number };

export type SelfTime = {
  /** Of the time it was watched, how much it was not idle: 100 is a whole core. */
  busyPercent: number;
  busyMs: number;
  /** Time in the function itself, not in those it called; the most first. */
  functions: readonly Share[];
  /** The same by npm package, part of Node, or folder of ours. */
  packages: readonly Share[];
};

export const selfTimeOf = ({ nodes, samples, timeDeltas }: CpuProfile): SelfTime => {
  const microseconds = new Map<number, number>();
  for (const [index, id] of samples.entries()) {
    microseconds.set(id, (microseconds.get(id) ?? 0) + Math.max(0, timeDeltas[index] ?? 0));
  }
  let [watched, busy] = [0, 0];
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  for (const { id, callFrame } of nodes) {
    const time = microseconds.get(id) ?? 0;
    watched += time;
    if (time === 0 || callFrame.functionName === '(idle)') continue;
    busy += time;
    const owner = ownerOf(callFrame);
    add(packages, owner, time);
    add(functions, `${nameOf(callFrame)}  ${placeOf(callFrame)}`.trimEnd(), time);
  }
  return {
    busyPercent: watched === 0 ? 0 : (100 * busy) / watched,
    busyMs: busy / 1000,
    functions: sharesOf(functions, busy),
    packages: sharesOf(packages, busy),
  };
};

type CallFrame = CpuProfile['nodes'][number]['callFrame'];

const add = (sums: Map<string, number>, name: string, time: number) =>
  sums.set(name, (sums.get(name) ?? 0) + time);

const sharesOf = (sums: ReadonlyMap<string, number>, busy: number): Share[] =>
  [...sums]
    .map(([name, time]) => ({ name, milliseconds: time / 1000, percent: (100 * time) / busy }))
    .sort((a, b) => b.milliseconds - a.milliseconds);

const nameOf = ({ functionName }: CallFrame) => functionName || '(anonymous)';

const placeOf = ({ url, lineNumber }: CallFrame): string => {
  if (url === '') return '';
  const path = pathOf(url);
  return `${path.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
};

/** Native code and the engine's own work have no file. */
const ownerOf = ({ url, functionName }: CallFrame): string => {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (url.startsWith('node:')) return `node:${url.replace(/^node:(internal\/)?/, '').split('/')[0]}`;
  const path = pathOf(url);
  const [, inPackage] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (inPackage !== undefined) return inPackage;
  const [, ours] = /\/dist\/((?:apps|libs|test|deploy)\/[^/]+)/.exec(path) ?? [];
  return ours ?? path;
};

const pathOf = (url: string) => url.replace(/^file:\/\//, '').replace(/[?#].*$/, '');
