import type { AnyEntity, EntityManager } from './open-database.js';
import { ask, run } from './statement.js';
import { type Column, type Table, tableOf } from './table.js';

/**
 * The rows of projections, past the ORM's unit of work: at the log's end a batch is a fact or two, and what the ORM
 * does for each statement costs several times the statement. Values travel as parameters, so that the same few
 * statements come again and again. They are changed within a transaction.
 */

/** Bound parameters per statement are limited: 32,766 in SQLite, 65,535 in PostgreSQL. */
const MOST_PARAMETERS = 32_000;
const ROWS_PER_STATEMENT = 500;

/** The rows whose property is one of the values. */
export const findRows = async <Row extends object>(
  em: EntityManager,
  entity: AnyEntity,
  property: keyof Row & string,
  values: readonly unknown[],
): Promise<Row[]> => {
  if (values.length === 0) return [];
  const table = tableOf(em, entity);
  const column = table.columnOf(property);
  const stored = await ask(
    em,
    `select ${namesIn(table)} from ${table.name} where ${isOneOf(table, column)}`,
    [listOf(table, column, values)],
  );
  return stored.map((row) => toRow<Row>(table, row));
};

/** The first rows whose property is greater than a value, in its order. */
export const findRowsAfter = async <Row extends object>(
  em: EntityManager,
  entity: AnyEntity,
  property: keyof Row & string,
  value: unknown,
  limit: number,
): Promise<Row[]> => {
  const table = tableOf(em, entity);
  const { name, toDatabase } = table.columnOf(property);
  const stored = await ask(
    em,
    `select ${namesIn(table)} from ${table.name} where ${name} > ? order by ${name} limit ?`,
    [toDatabase(value), limit],
  );
  return stored.map((row) => toRow<Row>(table, row));
};

/** What a query of the ORM's builder brings, executed without mapping its results. */
export const toRows = <Row extends object>(
  em: EntityManager,
  entity: AnyEntity,
  stored: readonly Record<string, unknown>[],
): Row[] => {
  const table = tableOf(em, entity);
  return stored.map((row) => toRow<Row>(table, row));
};

/** Inserts rows; one that is there already is replaced. */
export const saveRows = (em: EntityManager, entity: AnyEntity, rows: readonly object[]): Promise<void> => {
  const table = tableOf(em, entity);
  const others = table.columns.filter(({ name }) => !table.keys.includes(name));
  const changes = others.map(({ name }) => `${name} = excluded.${name}`).join(', ');
  return insert(em, table, rows, changes === '' ? 'do nothing' : `do update set ${changes}`);
};

/** Inserts rows; one that is there already stays as it is. */
export const insertRows = (em: EntityManager, entity: AnyEntity, rows: readonly object[]): Promise<void> =>
  insert(em, tableOf(em, entity), rows, 'do nothing');

/** Deletes the rows whose property is one of the values. */
export const deleteRows = async (
  em: EntityManager,
  entity: AnyEntity,
  property: string,
  values: readonly unknown[],
): Promise<void> => {
  if (values.length === 0) return;
  const table = tableOf(em, entity);
  const column = table.columnOf(property);
  await run(em, `delete from ${table.name} where ${isOneOf(table, column)}`, [listOf(table, column, values)]);
};

const insert = async (em: EntityManager, table: Table, rows: readonly object[], onConflict: string) => {
  const names = namesIn(table);
  const together = Math.min(ROWS_PER_STATEMENT, Math.floor(MOST_PARAMETERS / table.columns.length));
  for (let start = 0; start < rows.length; start += together) {
    const some = rows.slice(start, start + together);
    const statement = `insert into ${table.name} (${names}) values ${placeholders(table, some.length)} on conflict (${table.keys.join(', ')}) ${onConflict}`;
    const values = some.flatMap((row) =>
      table.columns.map(({ property, toDatabase }) => toDatabase((row as Record<string, unknown>)[property])),
    );
    await run(em, statement, values);
  }
};

const namesIn = ({ columns }: Table): string => columns.map(({ name }) => name).join(', ');

const placeholders = ({ columns }: Table, rows: number): string => {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return Array.from({ length: rows }, () => row).join(', ');
};

/** One parameter however many values: the statement stays the same. */
const isOneOf = ({ kind }: Table, { name }: Column): string =>
  kind === 'sqlite' ? `${name} in (select value from json_each(?))` : `${name} = any(?)`;

const listOf = ({ kind }: Table, { toDatabase }: Column, values: readonly unknown[]): unknown => {
  const list = values.map(toDatabase);
  return kind === 'sqlite'
    ? JSON.stringify(list, (_, value) => (typeof value === 'bigint' ? Number(value) : value))
    : list;
};

const toRow = <Row>({ columns }: Table, stored: Record<string, unknown>): Row => {
  const row: Record<string, unknown> = {};
  for (const { property, name, fromDatabase } of columns)
    row[property] = fromDatabase(stored[name.slice(1, -1)]);
  return row as Row;
};
