import { z } from 'zod';

type JsonSchema = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
};

/** Which of all valid values: with everything there may be or with as little; and which one of a choice. */
type Choice = { sparse: boolean; index: number };

/**
 * Valid values of a schema that together show all of it: one with every field, one with as few as possible, and
 * one for each further value of an enumeration or variant of a union.
 */
export const examplesOf = (schema: z.ZodType): unknown[] => {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const choices: Choice[] = [
    { sparse: false, index: 0 },
    { sparse: true, index: 0 },
    ...Array.from({ length: mostVariants(shape) }, (_, index) => ({ sparse: false, index })).slice(1),
  ];
  const texts = choices.map((choice) => JSON.stringify(exampleOf(shape, 'value', choice)));
  return [...new Set(texts)].map((text) => {
    const value: unknown = JSON.parse(text);
    schema.parse(value);
    return value;
  });
};

const mostVariants = ({ enum: values, anyOf, oneOf, items, properties }: JsonSchema): number => {
  const variants = anyOf ?? oneOf ?? [];
  const parts = [...variants, ...(items ? [items] : []), ...Object.values(properties ?? {})];
  return Math.max(values?.length ?? 1, variants.length, ...parts.map(mostVariants));
};

const exampleOf = (shape: JsonSchema, name: string, choice: Choice): unknown => {
  const { sparse, index } = choice;
  if ('const' in shape) return shape.const;
  if (shape.enum) return shape.enum[index % shape.enum.length];
  const variants = shape.anyOf ?? shape.oneOf;
  if (variants) return exampleOf(variantOf(variants, choice), name, choice);
  switch (shape.type) {
    case 'object':
      return objectOf(shape, choice);
    case 'array':
      return sparse || !shape.items ? [] : [exampleOf(shape.items, name, choice)];
    case 'string':
      return textOf(shape, name);
    case 'integer':
    case 'number':
      return Math.max(1, shape.minimum ?? 1);
    case 'boolean':
      return !sparse;
    case 'null':
      return null;
    default:
      return name;
  }
};

/** Of "this or null" the sparse value is null. */
const variantOf = (variants: readonly JsonSchema[], { sparse, index }: Choice): JsonSchema => {
  const nothing = sparse ? variants.find(({ type }) => type === 'null') : undefined;
  return nothing ?? variants[index % variants.length] ?? {};
};

const objectOf = ({ properties, required = [], additionalProperties }: JsonSchema, choice: Choice) => {
  if (!properties) {
    const values = typeof additionalProperties === 'object' ? additionalProperties : {};
    return choice.sparse ? {} : { name: exampleOf(values, 'value', choice) };
  }
  const wanted = Object.entries(properties).filter(([name]) => !choice.sparse || required.includes(name));
  return Object.fromEntries(wanted.map(([name, shape]) => [name, exampleOf(shape, name, choice)]));
};

const textOf = ({ format, minLength = 0, maxLength }: JsonSchema, name: string): string => {
  if (format === 'uuid') return '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01';
  if (format === 'date-time') return '2026-01-16T15:30:00.000Z';
  if (format === 'email') return 'alice@example.com';
  if (format === 'uri') return 'https://example.com';
  return name.padEnd(minLength, '0').slice(0, maxLength);
};
