import type { FilterQuery } from '@mikro-orm/core';
import type { AnyEntity, EntityManager } from './open-database.js';

/** Bound parameters per statement are limited (SQLite: 32,766): this many rows of any table of ours fit. */
export const ROWS_PER_STATEMENT = 500;

/**
 * Saves rows that never change; those that are there already are left alone. Looking first and then inserting is
 * three times as fast as the ORM's `upsertMany`.
 */
export const insertNew = async <Row extends { id: string }>(
  em: EntityManager,
  entity: AnyEntity,
  rows: readonly Row[],
): Promise<void> => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  if (byId.size === 0) return;
  const stored = await em
    .createQueryBuilder(entity)
    .select('id')
    .where({ id: { $in: [...byId.keys()] } } as FilterQuery<object>)
    .execute<{ id: string }[]>('all');
  for (const { id } of stored) byId.delete(id);
  await insertInBatches(em, entity, [...byId.values()]);
};

export const insertInBatches = async (
  em: EntityManager,
  entity: AnyEntity,
  rows: readonly object[],
): Promise<void> => {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    await em.insertMany(entity, rows.slice(start, start + ROWS_PER_STATEMENT));
  }
};
