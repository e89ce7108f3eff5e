import { z } from 'zod';
import {
  instant,
  type ListRunners,
  listRunnersSchema,
  runnerState,
  runnerStatus,
  uuid,
} from '#libs/contracts';
import { toCamelCase } from '#libs/runtime';
import { flagQuery, pageQuery } from '../http/page.request.js';
import { searchText } from '../http/search-text.js';

const commaList = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (text) => (typeof text === 'string' ? text.split(',').map((part) => part.trim()) : text),
    z.array(item),
  );

const { sort } = listRunnersSchema.shape;

/** The query of `GET /runners`. */
export const listRunnersQuerySchema = z.strictObject({
  ...pageQuery,
  sort,
  status: commaList(runnerStatus).optional(),
  state: commaList(runnerState).optional(),
  team_id: uuid.optional(),
  team: searchText.optional(),
  ephemeral: flagQuery.optional(),
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

export const listRunnersFrom = ({ team, label, q, ...query }: ListRunnersQuery): ListRunners => ({
  ...toCamelCase(query),
  labels: label,
  teamName: team,
  nameContains: q,
});
