import type { AnyEntity, EntityManager } from './open-database.js';
import { insertRows } from './rows.js';

/** Saves rows that never change; those that are there already are left alone, and so are repeats. */
export const insertNew = async <Row extends { id: string }>(
  em: EntityManager,
  entity: AnyEntity,
  rows: readonly Row[],
): Promise<void> => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  await insertRows(em, entity, [...byId.values()]);
};
