import type { Recorded } from '#libs/contracts';
import type { AnyEntity, EntityManager } from './open-database.js';
import { findRows, saveRows } from './rows.js';

export type FoldRows<Row extends object> = {
  entity: AnyEntity;
  /** The property that is the primary key. */
  key: keyof Row & string;
  /** Whose row a fact changes; undefined = nobody's. */
  keyOf: (fact: Recorded) => string | undefined;
  /** The row after the fact; the same object = nothing changed; undefined = there is none. */
  evolve: (row: Row | undefined, fact: Recorded) => Row | undefined;
};

/**
 * A batch of facts into rows with one read and one write: the touched rows are loaded together, folded in memory
 * and saved together.
 * @returns the changed rows
 */
export const foldRows = async <Row extends object>(
  em: EntityManager,
  facts: readonly Recorded[],
  { entity, key, keyOf, evolve }: FoldRows<Row>,
): Promise<readonly Row[]> => {
  const keyed = facts.flatMap((fact) => {
    const id = keyOf(fact);
    return id === undefined ? [] : [{ id, fact }];
  });
  if (keyed.length === 0) return [];

  const ids = [...new Set(keyed.map(({ id }) => id))];
  const stored = await findRows<Row>(em, entity, key, ids);
  const before = new Map(stored.map((row) => [String(row[key]), row]));
  const after = new Map<string, Row>(before);
  for (const { id, fact } of keyed) {
    const row = evolve(after.get(id), fact);
    if (row) after.set(id, row);
  }
  const changed = [...after].filter(([id, row]) => before.get(id) !== row).map(([, row]) => row);
  await saveRows(em, entity, changed);
  return changed;
};
