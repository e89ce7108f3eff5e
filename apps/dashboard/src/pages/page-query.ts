import { z } from 'zod';
import { type ListRunners, listRunnersSchema, runnerStatus } from '#libs/contracts';

const PAGE_SIZE = 50;

/** What a reader of the page has chosen. A value nobody could have chosen counts as not chosen. */
const pageQuerySchema = z.object({
  status: runnerStatus.optional().catch(undefined),
  q: z.string().trim().max(64).optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

export const readPageQuery = (query: unknown): PageQuery => pageQuerySchema.parse(query ?? {});

export const searchOf = ({ status, q, page }: PageQuery): ListRunners =>
  listRunnersSchema.parse({
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
    ...(status ? { status: [status] } : {}),
    ...(q ? { nameContains: q } : {}),
  });

/** `?status=…&q=…&page=…`, or nothing when nothing is chosen. */
export const queryString = ({ status, q, page }: PageQuery): string => {
  const parameters = new URLSearchParams();
  if (status) parameters.set('status', status);
  if (q) parameters.set('q', q);
  if (page > 1) parameters.set('page', String(page));
  return parameters.size > 0 ? `?${parameters}` : '';
};

export const pagesFor = (total: number): number => Math.max(1, Math.ceil(total / PAGE_SIZE));
