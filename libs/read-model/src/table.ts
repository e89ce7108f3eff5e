import type { EntityProperty } from '@mikro-orm/core';
import { BigIntType } from '@mikro-orm/core';
import type { AnyEntity, EntityManager } from './open-database.js';
import { isSqlite } from './statement.js';

type DatabaseKind = 'sqlite' | 'postgresql';

/** One column, and how its values look in JavaScript and in the database. */
export type Column = {
  property: string;
  name: string;
  toDatabase: (value: unknown) => unknown;
  fromDatabase: (value: unknown) => unknown;
};

/** An entity as its statements need it. */
export type Table = {
  kind: DatabaseKind;
  name: string;
  columns: readonly Column[];
  keys: readonly string[];
  columnOf: (property: string) => Column;
};

const described = new WeakMap<AnyEntity, Partial<Record<DatabaseKind, Table>>>();

export const tableOf = (em: EntityManager, entity: AnyEntity): Table => {
  const kind = isSqlite(em) ? 'sqlite' : 'postgresql';
  const known = described.get(entity) ?? {};
  described.set(entity, known);
  known[kind] ??= describe(em, entity, kind);
  return known[kind];
};

const describe = (em: EntityManager, entity: AnyEntity, kind: DatabaseKind): Table => {
  const meta = em.getMetadata(entity);
  const columns = meta.props.map((property) => columnFor(property, kind, em));
  const byProperty = new Map(columns.map((column) => [column.property, column]));
  const columnOf = (property: string): Column => {
    const column = byProperty.get(property);
    if (!column) throw new Error(`${meta.tableName} has no column for ${property}`);
    return column;
  };
  const keys = meta.primaryKeys.map((key) => columnOf(key).name);
  return { kind, name: quoted(meta.tableName), columns, keys, columnOf };
};

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const columnFor = (property: EntityProperty, kind: DatabaseKind, em: EntityManager): Column => {
  const { toDatabase, fromDatabase } = conversionOf(property, kind, em);
  return {
    property: property.name,
    name: quoted(property.fieldNames[0] ?? property.name),
    toDatabase: (value) => (value === null || value === undefined ? null : toDatabase(value)),
    fromDatabase: (value) => (value === null || value === undefined ? null : fromDatabase(value)),
  };
};

type Conversion = Pick<Column, 'toDatabase' | 'fromDatabase'>;
const asItIs: Conversion = { toDatabase: (value) => value, fromDatabase: (value) => value };

/** As the ORM writes them, so that it reads what is written here and the other way round. */
const conversionOf = (
  { type, customType }: EntityProperty,
  kind: DatabaseKind,
  em: EntityManager,
): Conversion => {
  const sqlite = kind === 'sqlite';
  if (customType instanceof BigIntType) {
    const toNumber = customType.mode === 'number';
    return {
      toDatabase: (value) => (sqlite ? BigInt(value as number) : String(value)),
      fromDatabase: (value) => (toNumber ? Number(value) : BigInt(value as number)),
    };
  }
  switch (type) {
    case 'JsonType':
      return {
        toDatabase: (value) => JSON.stringify(value),
        fromDatabase: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
      };
    case 'Date':
      return {
        toDatabase: (value) => (sqlite ? (value as Date).getTime() : (value as Date).toISOString()),
        fromDatabase: (value) => em.getPlatform().parseDate(value as string),
      };
    case 'boolean':
      return sqlite ? { toDatabase: (value) => (value ? 1 : 0), fromDatabase: Boolean } : asItIs;
    default:
      return asItIs;
  }
};
