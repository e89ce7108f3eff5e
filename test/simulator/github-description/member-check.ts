import type { JsonSchema } from './description.js';
import { exactMembers, unnamedMembers } from './members.js';

type Schemas = Readonly<Record<string, JsonSchema>>;

const prefix = '#/components/schemas/';

/**
 * Members that a schema does not name, and members missing from objects of which more is known than their schema
 * says. GitHub's schemas leave objects open, so that a misspelt optional member would pass.
 */
export function memberDifferences(value: unknown, schema: JsonSchema, schemas: Schemas, path = ''): string[] {
  if (Array.isArray(value)) {
    const { shapes } = shapesOf(schema, schemas);
    const items = { anyOf: shapes.flatMap((shape) => (isSchema(shape.items) ? [shape.items] : [])) };
    return value.flatMap((item, index) => memberDifferences(item, items, schemas, `${path}/${index}`));
  }
  if (!isSchema(value)) return [];
  const { shapes, names } = shapesOf(schema, schemas);
  const open = shapes.some(isOpen);
  return [
    ...names.flatMap((name) => inexact(value, name, path)),
    ...Object.entries(value).flatMap(([key, member]) => {
      const described = shapes.flatMap((shape) => memberSchema(shape, key));
      if (described.length > 0) {
        return memberDifferences(member, { anyOf: described }, schemas, `${path}/${key}`);
      }
      const excused = open || names.some((name) => unnamedMembers[name]?.[key] !== undefined);
      return excused ? [] : [`${path}/${key} is not described`];
    }),
  ];
}

function inexact(value: JsonSchema, name: string, path: string): string[] {
  const exact = exactMembers[name];
  if (!exact) return [];
  const missing = exact.always.filter((key) => !(key in value));
  const allowed = [
    ...exact.always,
    ...Object.keys(exact.sometimes),
    ...Object.keys(unnamedMembers[name] ?? {}),
  ];
  const surplus = Object.keys(value).filter((key) => !allowed.includes(key));
  return [
    ...missing.map((key) => `${path}/${key} is missing from the ${name}`),
    ...surplus.map((key) => `${path}/${key} is never part of the ${name}`),
  ];
}

/** The schema itself and all it is composed of, references followed; `names` are those of the references. */
function shapesOf(schema: JsonSchema, schemas: Schemas): { shapes: JsonSchema[]; names: string[] } {
  const names: string[] = [];
  const shapes: JsonSchema[] = [];
  const visit = (each: JsonSchema): void => {
    if (typeof each.$ref === 'string') {
      const name = each.$ref.slice(prefix.length);
      names.push(name);
      visit(referred(name, schemas));
      return;
    }
    shapes.push(each);
    for (const parts of [each.allOf, each.anyOf, each.oneOf]) {
      if (Array.isArray(parts)) for (const part of parts) visit(part);
    }
  };
  visit(schema);
  return { shapes, names };
}

/** @param pointer a schema's name, or where in it another one stands: `job/properties/steps` */
function referred(pointer: string, schemas: Schemas): JsonSchema {
  let found: unknown = schemas;
  for (const part of pointer.split('/')) found = isSchema(found) ? found[part] : undefined;
  if (!isSchema(found)) throw new Error(`no schema ${pointer}`);
  return found;
}

function memberSchema({ properties, additionalProperties }: JsonSchema, key: string): JsonSchema[] {
  const named = isSchema(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (isSchema(named)) return [named];
  return isSchema(additionalProperties) ? [additionalProperties] : [];
}

/** Objects of any members. */
const isOpen = ({ type, properties, additionalProperties }: JsonSchema): boolean =>
  additionalProperties === true ||
  ([type].flat().includes('object') && properties === undefined && additionalProperties !== false);

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
