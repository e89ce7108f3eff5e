import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type EntitySchema, MikroORM, type Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/sql';
import { Problem } from '#libs/contracts';
import { Checkpoint } from './checkpoint.entity.js';
import { checkpointFactMigration, checkpointMigration } from './checkpoint.migration.js';
import { isDatabaseOutage } from './database-outage.js';
import { type DatabaseLocation, type DatabaseSettings, locateDatabase } from './database-url.js';
import { type MigrationDefinition, migrate, migrationObjects } from './migrate.js';
import { releaseBrokenConnections } from './release-broken-connections.js';

export type EntityManager = SqlEntityManager;

/** An app's own database, with its tables up to date. */
export type Database = {
  location: DatabaseLocation;
  /** One per message or batch: it remembers rows it has seen. */
  em(): EntityManager;
  /**
   * Answers a question from the rows.
   * @throws Problem service-unavailable when the database cannot be reached
   */
  read<T>(question: (em: EntityManager) => Promise<T>): Promise<T>;
  /** Rejects when the database cannot answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

// biome-ignore lint/suspicious/noExplicitAny: the ORM's own bound for "an entity of whatever shape"
export type AnyEntity = EntitySchema<any, any>;

export type OpenDatabase = DatabaseSettings & {
  entities: readonly AnyEntity[];
  migrations: readonly MigrationDefinition[];
};

/** Connects, and creates or changes tables as the migrations say; several replicas may start at once. */
export const openDatabase = async ({
  entities,
  migrations,
  ...settings
}: OpenDatabase): Promise<Database> => {
  const location = locateDatabase(settings);
  const all = [checkpointMigration, checkpointFactMigration, ...migrations];
  const orm = await MikroORM.init<AbstractSqlDriver>({
    ...(await driverOptions(location)),
    entities: [Checkpoint, ...entities],
    extensions: [Migrator],
    migrations: {
      migrationsList: migrationObjects(all, location.kind),
      tableName: 'migration',
      snapshot: false,
      silent: true,
    },
  });
  const database: Database = {
    location,
    em: () => orm.em.fork(),
    read: async (question) => {
      try {
        return await question(orm.em.fork());
      } catch (error) {
        if (error instanceof Problem || !(await isDatabaseOutage(error, database))) throw error;
        throw new Problem(
          'service-unavailable',
          'The database cannot be reached. Try again in a few seconds.',
          {
            retryAfterSeconds: 2,
            cause: error,
          },
        );
      }
    },
    ping: async () => {
      await orm.em.fork().execute('select 1');
    },
    close: () => orm.close(true),
  };
  try {
    if (location.kind === 'sqlite') await preferSpeed(database);
    await migrate(orm, location);
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  return database;
};

/** Only the driver that is needed is loaded: each costs start-up time and memory. */
const driverOptions = async (location: DatabaseLocation): Promise<Partial<Options<AbstractSqlDriver>>> => {
  if (location.kind === 'sqlite') {
    await mkdir(dirname(location.file), { recursive: true, mode: 0o700 });
    const { SqliteDriver } = await import('@mikro-orm/sqlite');
    return { driver: SqliteDriver, dbName: location.file };
  }
  const { PostgreSqlDriver } = await import('@mikro-orm/postgresql');
  return {
    driver: PostgreSqlDriver,
    clientUrl: location.url,
    schema: location.schema,
    pool: { min: 0, max: 8 },
    driverOptions: {
      /** Migrations name their tables without a schema. */
      options: `-c search_path=${location.schema}`,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 60_000,
      keepAlive: true,
      onPoolCreated: releaseBrokenConnections,
    },
  };
};

/** A view can be rebuilt: losing its last transactions in a power cut costs nothing, waiting for the disk does. */
const preferSpeed = async (database: Database) => {
  const em = database.em();
  await em.execute('pragma journal_mode = wal');
  await em.execute('pragma synchronous = normal');
};
