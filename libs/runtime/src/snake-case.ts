/** JSON outside is snake_case, messages inside are camelCase; values stay as they are. */
export const toSnakeCase = (value: unknown): unknown => withKeys(value, snakeCaseName);

export const snakeCaseName = (name: string): string => {
  const known = snakeCaseNames.get(name);
  if (known !== undefined) return known;
  const inSnakeCase = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (snakeCaseNames.size < MOST_NAMES) snakeCaseNames.set(name, inSnakeCase);
  return inSnakeCase;
};

/** A long list says the same few names again and again. */
const snakeCaseNames = new Map<string, string>();
const MOST_NAMES = 1_000;

type CamelName<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelName<Tail>>}`
  : Name;

export type CamelCased<T> = T extends readonly (infer Item)[]
  ? CamelCased<Item>[]
  : T extends object
    ? { [Name in keyof T as CamelName<Name>]: CamelCased<T[Name]> }
    : T;

/** A checked request as the message it becomes. */
export const toCamelCase = <T>(value: T): CamelCased<T> => withKeys(value, camelCaseName) as CamelCased<T>;

const camelCaseName = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const withKeys = (value: unknown, rename: (name: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => withKeys(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [rename(key), withKeys(inner, rename)]),
  );
};
