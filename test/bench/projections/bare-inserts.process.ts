import { createRequire } from 'node:module';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { answer } from '../processes/worker.js';

/**
 * Puts as many rows as there were facts into a table like the view's, indexes included, with the bare driver: copies
 * of the rows the view has, under other keys, as many in a transaction as the view gets facts at once, and one row
 * that says how far it got.
 */
export type BareInsertsTask = {
  databaseUrl: string;
  app: string;
  table: string;
  count: number;
  together: number;
};

type Row = Record<string, unknown>;

const SAMPLE = 500;

answer<BareInsertsTask, { perSecond: number }>(async (task) => {
  const seconds = task.databaseUrl.startsWith('sqlite') ? intoSqlite(task) : await intoPostgresql(task);
  return { perSecond: task.count / seconds };
});

/** `id` is the key of the tables that are measured. */
const rowsOf = (sample: readonly Row[], from: number, count: number): Row[] =>
  Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const id = `${(Math.imul(number, 2_654_435_761) >>> 0).toString(16)}-bare-${number}`;
    return { ...sample[number % sample.length], id };
  });

const intoSqlite = ({ databaseUrl, app, table, count, together }: BareInsertsTask): number => {
  const file = databaseUrl.replace('sqlite://', '').replace(/\.db$/, `.${app}.db`);
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = normal');
    emptyCopy(
      (sql) => database.prepare(sql).all() as Row[],
      (sql) => database.exec(sql),
      table,
    );
    const sample = database.prepare(`select * from ${table} limit ${SAMPLE}`).all() as Row[];
    const columns = Object.keys(sample[0] ?? {});
    const insert = database.prepare(
      `insert into bare_${table} values (${columns.map(() => '?').join(', ')})`,
    );
    database.exec('create table if not exists bare_checkpoint (position integer)');
    database.exec('insert into bare_checkpoint values (0)');
    const checkpoint = database.prepare('update bare_checkpoint set position = ?');
    const startedAt = performance.now();
    for (let done = 0; done < count; done += together) {
      database.exec('begin');
      for (const row of rowsOf(sample, done, together))
        insert.run(...columns.map((column) => row[column] as SQLInputValue));
      checkpoint.run(done + together);
      database.exec('commit');
    }
    return (performance.now() - startedAt) / 1000;
  } finally {
    database.close();
  }
};

/** The table and its indexes once more, under other names. */
const emptyCopy = (read: (sql: string) => Row[], run: (sql: string) => void, table: string): void => {
  run(`drop table if exists bare_${table}`);
  const definitions = read(`select sql from sqlite_master where tbl_name = '${table}' and sql is not null`);
  for (const { sql } of definitions) {
    run(
      String(sql)
        .replace(/create table \S+/i, `create table bare_${table}`)
        .replace(/create index (\S+) on \S+/i, `create index bare_$1 on bare_${table}`),
    );
  }
};

/** The driver the ORM uses; it comes without types. */
type PgClient = {
  connect(): Promise<void>;
  query(sql: string, values?: unknown[]): Promise<{ rows: Row[] }>;
  end(): Promise<void>;
};
const newPgClient = (url: string): PgClient => {
  const { Client } = createRequire(import.meta.url)('pg') as {
    Client: new (options: { connectionString: string }) => PgClient;
  };
  return new Client({ connectionString: url });
};

const intoPostgresql = async ({
  databaseUrl,
  app,
  table,
  count,
  together,
}: BareInsertsTask): Promise<number> => {
  const client = newPgClient(databaseUrl);
  await client.connect();
  try {
    await client.query(`set search_path = rts_${app}`);
    await client.query(`drop table if exists bare_${table}`);
    await client.query(`create table bare_${table} (like ${table} including all)`);
    const { rows: sample } = await client.query(`select * from ${table} limit ${SAMPLE}`);
    const columns = Object.keys(sample[0] ?? {});
    const places = (row: number) =>
      `(${columns.map((_, index) => `$${row * columns.length + index + 1}`).join(', ')})`;
    const values = Array.from({ length: together }, (_, row) => places(row)).join(', ');
    await client.query('create table if not exists bare_checkpoint (position bigint)');
    await client.query('insert into bare_checkpoint values (0)');
    const startedAt = performance.now();
    for (let done = 0; done < count; done += together) {
      const rows = rowsOf(sample, done, together);
      const parameters = rows.flatMap((row) => columns.map((column) => asParameter(row[column])));
      await client.query('begin');
      await client.query(`insert into bare_${table} values ${values}`, parameters);
      await client.query('update bare_checkpoint set position = $1', [done + together]);
      await client.query('commit');
    }
    return (performance.now() - startedAt) / 1000;
  } finally {
    await client.end();
  }
};

/** The driver reads JSON into values, but would write a list as an array of the database's. */
const asParameter = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value;
