/** The part of a V8 CPU profile that is read here; times are microseconds. */
export type CpuProfile = {
  nodes: readonly {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: readonly number[];
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
  /** The same by npm package, part of Node, or folder of ours; native code counts for whoever called it. */
  packages: readonly Share[];
};

type Node = CpuProfile['nodes'][number];
type CallFrame = Node['callFrame'];

export const selfTimeOf = ({ nodes, samples, timeDeltas }: CpuProfile): SelfTime => {
  const microseconds = new Map<number, number>();
  for (const [index, id] of samples.entries()) {
    microseconds.set(id, (microseconds.get(id) ?? 0) + Math.max(0, timeDeltas[index] ?? 0));
  }
  const callers = callersIn(nodes);
  let [watched, busy] = [0, 0];
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  for (const node of nodes) {
    const time = microseconds.get(node.id) ?? 0;
    watched += time;
    if (time === 0 || isNoWork(node)) continue;
    busy += time;
    const inFile = nearestInFile(node, callers);
    add(packages, ownerOf(node, inFile), time);
    add(functions, labelOf(node, inFile), time);
  }
  return {
    busyPercent: watched === 0 ? 0 : (100 * busy) / watched,
    busyMs: busy / 1000,
    functions: sharesOf(functions, busy),
    packages: sharesOf(packages, busy),
  };
};

/** Waiting, and what the recorder itself does. */
const isNoWork = ({ callFrame: { functionName, url } }: Node) =>
  functionName === '(idle)' || url === 'node:inspector';

const callersIn = (nodes: readonly Node[]): ReadonlyMap<number, Node> =>
  new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));

/** The node itself, or the first of its callers that is no native code. */
const nearestInFile = (node: Node, callers: ReadonlyMap<number, Node>): CallFrame | undefined => {
  for (let one: Node | undefined = node; one !== undefined; one = callers.get(one.id)) {
    if (one.callFrame.url !== '') return one.callFrame;
  }
  return undefined;
};

const add = (sums: Map<string, number>, name: string, time: number) =>
  sums.set(name, (sums.get(name) ?? 0) + time);

const sharesOf = (sums: ReadonlyMap<string, number>, busy: number): Share[] =>
  [...sums]
    .map(([name, time]) => ({ name, milliseconds: time / 1000, percent: (100 * time) / busy }))
    .sort((a, b) => b.milliseconds - a.milliseconds);

const labelOf = ({ callFrame }: Node, inFile: CallFrame | undefined): string => {
  const name = callFrame.functionName || '(anonymous)';
  if (inFile === undefined) return name;
  const by = callFrame.url === '' ? `, called by ${inFile.functionName || '(anonymous)'}` : '';
  return `${name}${by}  ${placeOf(inFile)}`;
};

const placeOf = ({ url, lineNumber }: CallFrame): string =>
  `${pathOf(url).split('/').slice(-2).join('/')}:${lineNumber + 1}`;

/** The engine's own work has no file: `(garbage collector)`, `(program)`. */
const ownerOf = ({ callFrame }: Node, inFile: CallFrame | undefined): string => {
  if (inFile === undefined) {
    return callFrame.functionName.startsWith('(') ? callFrame.functionName : '(native)';
  }
  const { url } = inFile;
  if (url.startsWith('node:')) return `node:${url.replace(/^node:(internal\/)?/, '').split('/')[0]}`;
  const path = pathOf(url);
  const [, inPackage] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  if (inPackage !== undefined) return inPackage;
  const [, ours] = /\/dist\/((?:apps|libs|test|deploy)\/[^/]+)/.exec(path) ?? [];
  return ours ?? path;
};

const pathOf = (url: string) => url.replace(/^file:\/\//, '').replace(/[?#].*$/, '');
