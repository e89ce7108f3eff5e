import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { JsonSchema } from './description.js';

/** What is wrong with a value, a line each: where, and why. */
export type Check = (value: unknown) => string[];

/**
 * Compiles schemas that refer to one another.
 * @param named what references point into, e.g. `{components: {schemas}}`
 */
export function schemaChecker(named: Readonly<Record<string, unknown>>, options: { coerce?: boolean } = {}) {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: options.coerce ?? false });
  addFormats.default(ajv);
  const compiled = new Map<JsonSchema, Check>();

  return (schema: JsonSchema): Check => {
    const known = compiled.get(schema);
    if (known) return known;
    const validate = ajv.compile({ ...schema, ...named });
    const check: Check = (value) => (validate(value) ? [] : (validate.errors ?? []).map(line));
    compiled.set(schema, check);
    return check;
  };
}

const line = ({ instancePath, message, params }: ErrorObject): string => {
  const named = params.additionalProperty ?? params.allowedValues ?? params.allowedValue;
  return `${instancePath || '/'} ${message}${named === undefined ? '' : ` (${named})`}`;
};
