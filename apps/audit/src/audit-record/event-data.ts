import type { Fact, Recorded } from '#libs/contracts';

/** The fact's data as the audit shows it: snake_case, and without what would repeat who a person is. */
export const eventDataOf = (fact: Recorded<Fact>): Record<string, unknown> => {
  if (fact.type !== 'UserCreated') return toSnakeCase(fact.data) as Record<string, unknown>;
  const { email: _, displayName: __, ...data } = fact.data;
  return toSnakeCase(data) as Record<string, unknown>;
};

const toSnakeCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(toSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      toSnakeCase(inner),
    ]),
  );
};
