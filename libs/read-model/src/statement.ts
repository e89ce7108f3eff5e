import { CompiledQuery } from 'kysely';
import type { EntityManager } from './open-database.js';

type Connection = { executeQuery(query: CompiledQuery): Promise<{ rows: unknown[] }> };

/**
 * One statement that changes rows, with `?` for each parameter, in the running transaction. Unlike the ORM's
 * `execute` it sends the parameters beside the statement: the database sees the same few statements again and again.
 */
export const run = async <Row = Record<string, unknown>>(
  em: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> => {
  const transaction = em.getTransactionContext<Connection>();
  if (!transaction) throw new Error('rows of projections are changed within a transaction');
  return runOn(transaction, em, sql, parameters);
};

/** The same for a statement that only reads, in the running transaction if there is one. */
export const ask = <Row = Record<string, unknown>>(
  em: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> =>
  runOn(em.getTransactionContext<Connection>() ?? em.getConnection('read').getClient(), em, sql, parameters);

const runOn = async <Row>(
  connection: Connection,
  em: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<Row[]> => {
  const statement = isSqlite(em) ? sql : numbered(sql);
  const { rows } = await connection.executeQuery(CompiledQuery.raw(statement, [...parameters]));
  return rows as Row[];
};

export const isSqlite = (em: EntityManager): boolean =>
  em.getPlatform().constructor.name.startsWith('Sqlite');

/** PostgreSQL counts its parameters: $1, $2, … No statement of ours holds a question mark otherwise. */
const numbered = (sql: string): string => {
  let count = 0;
  return sql.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
};
