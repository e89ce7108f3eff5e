import { z } from 'zod';
import { type SwitchValues, switchesSchema } from './switch-values.js';

type Members<Value> = Value extends readonly (infer Item)[]
  ? Item extends object
    ? keyof Item & string
    : never
  : Value extends object
    ? string extends keyof Value
      ? never
      : keyof Value & string
    : never;

/** `clock_skew_seconds`, `hooks.delay_ms`, `failures.when`: everything that can be set by itself. */
export type SwitchName = {
  [Key in keyof SwitchValues & string]: [Members<SwitchValues[Key]>] extends [never]
    ? Key
    : `${Key}.${Members<SwitchValues[Key]>}`;
}[keyof SwitchValues & string];

/** All names, as the schema has them. */
export const switchNames: readonly string[] = Object.entries(switchesSchema.shape).flatMap(
  ([name, schema]) => {
    const item = schema instanceof z.ZodArray ? schema.element : schema;
    return item instanceof z.ZodObject ? Object.keys(item.shape).map((member) => `${name}.${member}`) : name;
  },
);

/** The switches a JSON merge patch touches. */
export const switchesIn = (patch: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(patch).flatMap(([name, value]) => {
    const items = Array.isArray(value) ? value : [value];
    const members = items.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.keys(item).map((member) => `${name}.${member}`) : [],
    );
    const known = members.filter((member) => switchNames.includes(member));
    return known.length > 0 ? known : [name];
  });
