const schemaMaps = ['properties', 'patternProperties', 'definitions'];
const schemaLists = ['allOf', 'anyOf', 'oneOf'];
const schemas = ['items', 'additionalProperties', 'not'];
/** For readers and programs that generate code; nothing a value could offend against. */
const remarks = new Set([
  'title',
  'description',
  'default',
  'example',
  'examples',
  'externalDocs',
  'discriminator',
  'xml',
  'deprecated',
  'readOnly',
  'writeOnly',
  'tsAdditionalProperties',
]);

const isRemark = (keyword) => remarks.has(keyword) || keyword.startsWith('x-');

/**
 * An OpenAPI 3.0 schema as JSON Schema (draft 7), without remarks. `nullable`, which JSON Schema does not have,
 * becomes a type of its own; an `enum` beside it gets the null that GitHub's description leaves out.
 */
export function toJsonSchema(schema) {
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = schema;
  const kept = Object.fromEntries(
    Object.entries(rest)
      .filter(([keyword]) => !isRemark(keyword))
      .map(([keyword, value]) => [keyword, converted(keyword, value)]),
  );
  return nullable === true ? orNull(kept) : kept;
}

function converted(keyword, value) {
  if (schemaMaps.includes(keyword)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toJsonSchema(each)]));
  }
  if (schemaLists.includes(keyword)) return value.map(toJsonSchema);
  return schemas.includes(keyword) ? toJsonSchema(value) : value;
}

function orNull(schema) {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const { enum: values } = schema;
  return {
    ...schema,
    type: [schema.type, 'null'],
    ...(values && !values.includes(null) ? { enum: [...values, null] } : {}),
  };
}

/** Names below `prefix` that a value refers to, and those that these refer to, sorted. */
export function referredTo(value, prefix, lookUp) {
  const found = new Set();
  const visit = (each) => {
    if (typeof each !== 'object' || each === null) return;
    if (typeof each.$ref === 'string') {
      const name = each.$ref.slice(prefix.length);
      if (!each.$ref.startsWith(prefix)) throw new Error(`unexpected reference ${each.$ref}`);
      if (found.has(name)) return;
      found.add(name);
      visit(lookUp(name));
    }
    for (const inner of Object.values(each)) visit(inner);
  };
  visit(value);
  return [...found].sort();
}
