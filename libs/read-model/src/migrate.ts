import type { Constructor, MigrationObject, MikroORM } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import type { AbstractSqlDriver } from '@mikro-orm/sql';
import type { DatabaseLocation } from './database-url.js';

/** What the two databases call the same column type; `text`, `integer` and `bigint` they share. */
export type ColumnTypes = { instant: string; json: string; flag: string };

const columnTypes: Record<DatabaseLocation['kind'], ColumnTypes> = {
  sqlite: { instant: 'datetime', json: 'json', flag: 'integer' },
  postgresql: { instant: 'timestamptz', json: 'jsonb', flag: 'boolean' },
};

/** One step of a database's tables, written by hand; runs once, in the order of the list. */
export type MigrationDefinition = {
  /** Never changes once it has run anywhere. */
  name: string;
  up: (column: ColumnTypes) => readonly string[];
};

export const migrationObjects = (
  definitions: readonly MigrationDefinition[],
  kind: DatabaseLocation['kind'],
): MigrationObject[] =>
  definitions.map(({ name, up }) => ({
    name,
    class: class extends Migration {
      override up() {
        for (const statement of up(columnTypes[kind])) this.addSql(statement);
      }
    } as unknown as Constructor<never>,
  }));

/** Of the advisory lock; any number that nobody else uses. */
const LOCK = 7_305_118_211;

/** Replicas that start at the same time take turns: the second one finds everything done. */
export const migrate = async (
  orm: MikroORM<AbstractSqlDriver>,
  location: DatabaseLocation,
): Promise<void> => {
  if (location.kind === 'sqlite') {
    await orm.migrator.up();
    return;
  }
  await orm.em.fork().transactional(async (lockHolder) => {
    await lockHolder.execute(`select pg_advisory_xact_lock(${LOCK})`);
    // An index on a large table may take longer than any query of ours.
    await lockHolder.execute('set local statement_timeout = 0');
    await orm.em.fork().execute(`create schema if not exists "${location.schema}"`);
    await orm.migrator.up({ transaction: lockHolder.getTransactionContext() });
  });
};
