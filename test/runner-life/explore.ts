import { essenceOf, keyOf, type Life } from './life.js';

export type Step = { name: string; after: readonly Life[] };
export type Node = {
  life: Life;
  key: string;
  from: Node | undefined;
  step: string;
  next: { step: string; key: string }[];
};

/** Every moment that can be reached, breadth first: the way to each is among the shortest. */
export const explore = (
  start: Life,
  stepsFrom: (life: Life) => readonly Step[],
): ReadonlyMap<string, Node> => {
  const first: Node = { life: start, key: keyOf(start), from: undefined, step: 'in the beginning', next: [] };
  const nodes = new Map([[first.key, first]]);
  const queue = [first];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const { name, after } of stepsFrom(node.life)) {
      for (const each of after) {
        const life = essenceOf(each);
        const key = keyOf(life);
        if (key === node.key) continue;
        node.next.push({ step: name, key });
        if (nodes.has(key)) continue;
        const found: Node = { life, key, from: node, step: name, next: [] };
        nodes.set(key, found);
        queue.push(found);
      }
    }
  }
  return nodes;
};

/** The moments from which no way of permitted steps leads to a good one. */
export const stranded = (
  nodes: ReadonlyMap<string, Node>,
  isGood: (life: Life) => boolean,
  isPermitted: (step: string, life: Life) => boolean,
): Node[] => {
  const before = new Map<string, Node[]>();
  for (const node of nodes.values()) {
    for (const { step, key } of node.next) {
      if (isPermitted(step, node.life)) before.set(key, [...(before.get(key) ?? []), node]);
    }
  }
  const good = [...nodes.values()].filter(({ life }) => isGood(life));
  const saved = new Set(good.map(({ key }) => key));
  const queue = [...good];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const earlier of before.get(node.key) ?? []) {
      if (saved.has(earlier.key)) continue;
      saved.add(earlier.key);
      queue.push(earlier);
    }
  }
  return [...nodes.values()].filter(({ key }) => !saved.has(key));
};

/** How one gets there. */
export const pathTo = (node: Node): string => {
  const { ours, row, theirs } = node.life;
  const there =
    typeof theirs === 'string'
      ? theirs
      : `${theirs.online ? 'online' : 'offline'}${theirs.busy ? ', busy' : ''}`;
  const here = `  ${node.step} → ours: ${ours.state} (row: ${row?.state ?? 'none'}), GitHub's: ${there}`;
  return node.from ? `${pathTo(node.from)}\n${here}` : here;
};
