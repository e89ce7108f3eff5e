import { z } from 'zod';
import {
  instant,
  type ListRunners,
  listRunnersSchema,
  runnerState,
  runnerStatus,
  uuid,
} from '#libs/contracts';

import { searchText } from '../http/search-text.js';

const commaList = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (text) => (typeof text === 'string' ? text.split(',').map((part) => part.trim()) : text),
    z.array(item),
  );

const { sort } = listRunnersSchema.shape;

/** The query of `GET /runners`. */
export const listRunnersQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
  sort,
  status: commaList(runnerStatus).optional(),
  state: commaList(runnerState).optional(),
  team_id: uuid.optional(),
  team: searchText.optional(),
  ephemeral: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  label: z
    .union([searchText, z.array(searchText).max(50)])
    .transform((labels) => [labels].flat().map((label) => label.toLowerCase()))
    .default([]),
  user: searchText.optional(),
  q: searchText.optional(),
  created_after: instant.optional(),
  created_before: instant.optional(),
});
export type ListRunnersQuery = z.infer<typeof listRunnersQuerySchema>;

export const listRunnersFrom = (query: ListRunnersQuery): ListRunners => {
  const { team_id, team, label, q, created_after, created_before, status, state, ephemeral, user, ...page } =
    query;
  return withoutAbsent({
    ...page,
    labels: label,
    status,
    state,
    ephemeral,
    user,
    teamId: team_id,
    teamName: team,
    nameContains: q,
    createdAfter: created_after,
    createdBefore: created_before,
  });
};

type WithoutAbsent<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

const withoutAbsent = <T extends object>(value: T): WithoutAbsent<T> =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as WithoutAbsent<T>;
