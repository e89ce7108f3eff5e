import { type QueryOrder, type RawQueryFragment, raw } from '@mikro-orm/core';

export type Condition = Record<string, unknown>;

/** A condition in SQL of its own, to stand among the others. */
export const sql = (text: string, parameters: readonly unknown[] = []): Condition => {
  const fragment: RawQueryFragment = raw(text, [...parameters]);
  return { [fragment as unknown as string]: [] };
};

/** One of the columns holds the words, whatever the case; the words are taken literally. */
export const anyHolds = (columns: readonly string[], words: string): Condition => {
  const pattern = `%${words.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
  return { $or: columns.map((column) => sql(`lower(${column}) like ? escape '!'`, [pattern])) };
};

/** `-` before the field: descending. Who has no value comes last; the key settles ties, so that pages neither repeat nor miss anything. */
export const orderBy = <Field extends string>(
  sort: string,
  columns: Readonly<Record<Field, string>>,
  key = 'id',
): Record<string, `${QueryOrder}`>[] => {
  const descending = sort.startsWith('-');
  const column = columns[sort.replace(/^-/, '') as Field];
  return [
    { [column]: descending ? 'desc nulls last' : 'asc nulls last' },
    { [key]: descending ? 'desc' : 'asc' },
  ];
};

export const given = (conditions: readonly (Condition | undefined)[]): Condition[] =>
  conditions.filter((condition) => condition !== undefined);
