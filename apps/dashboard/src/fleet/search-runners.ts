import { type QueryOrder, type RawQueryFragment, raw } from '@mikro-orm/core';
import { findActorIds, type Principal, Team, visibleRunners } from '#libs/access';
import type { ListRunners, RunnerStatus } from '#libs/contracts';
import { type EntityManager, toRows } from '#libs/read-model';
import { Runner, type RunnerRow } from './runner.entity.js';

type Condition = Record<string, unknown>;

/** The runners a principal may see and asked for, one page of them, and how many there are in all. */
export const searchRunners = async (
  em: EntityManager,
  principal: Principal,
  search: ListRunners,
): Promise<{ rows: RunnerRow[]; total: number }> => {
  const where = {
    $and: [visibleRunners(principal), withoutDeleted(search), ...(await conditionsOf(em, search))],
  };
  const page = await em
    .createQueryBuilder(Runner, 'r')
    .select('*')
    .where(where)
    .orderBy(orderOf(search.sort))
    .limit(search.limit, search.offset)
    .execute<Record<string, unknown>[]>('all', false);
  // a page of entities would cost the ORM more than finding it
  return { rows: toRows<RunnerRow>(em, Runner, page), total: await em.count(Runner, where) };
};

/** How many runners of each status there are among those a principal may see and asked for, but for the status. */
export const countRunners = async (
  em: EntityManager,
  principal: Principal,
  { status: _, state: __, ...search }: ListRunners,
): Promise<Record<RunnerStatus, number>> => {
  const where = { $and: [visibleRunners(principal), ...(await conditionsOf(em, search))] };
  const rows = await em
    .createQueryBuilder(Runner, 'r')
    .select(['status', raw('count(*) as amount')])
    .where(where)
    .groupBy('status')
    .execute<{ status: RunnerStatus; amount: number | string }[]>('all');
  const counts = { pending: 0, active: 0, offline: 0, deleted: 0 };
  for (const { status, amount } of rows) counts[status] = Number(amount);
  return counts;
};

/** Deleted runners are shown to those who ask for a status or a state. */
const withoutDeleted = ({ status, state }: ListRunners): Condition =>
  status || state ? {} : { status: { $ne: 'deleted' } };

/** All but what hides the deleted ones. */
const conditionsOf = async (em: EntityManager, search: ListRunners): Promise<Condition[]> => {
  const {
    status,
    state,
    teamId,
    teamName,
    ephemeral,
    labels,
    user,
    nameContains,
    createdAfter,
    createdBefore,
  } = search;
  const conditions: (Condition | undefined)[] = [
    status && { status: { $in: status } },
    state && { state: { $in: state } },
    teamId === undefined ? undefined : { teamId },
    teamName === undefined ? undefined : { teamId: { $in: await teamIdsOf(em, teamName) } },
    ephemeral === undefined ? undefined : { ephemeral },
    ...labels.map((label) => contains('labels', `,${label.toLowerCase()},`)),
    user === undefined ? undefined : { provisionedBy: { $in: await findActorIds(em, user) } },
    nameContains === undefined ? undefined : contains('name_key', nameContains.toLowerCase()),
    createdAfter === undefined ? undefined : { createdAt: { $gt: new Date(createdAfter) } },
    createdBefore === undefined ? undefined : { createdAt: { $lt: new Date(createdBefore) } },
  ];
  return conditions.filter((condition) => condition !== undefined);
};

const teamIdsOf = async (em: EntityManager, name: string): Promise<string[]> =>
  (await em.find(Team, { name })).map(({ id }) => id);

/** `column like '%text%'`, the text taken literally. */
const contains = (column: 'labels' | 'name_key', text: string): Condition => {
  const pattern = `%${text.replace(/[!%_]/g, '!$&')}%`;
  const like: RawQueryFragment = raw(`${column} like ? escape '!'`, [pattern]);
  return { [like as unknown as string]: [] };
};

const SORT_COLUMNS = {
  created_at: 'createdAt',
  updated_at: 'updatedAt',
  runner_name: 'nameKey',
  status: 'status',
} as const;

/** The place in the log settles ties, so that pages neither repeat nor miss a runner. */
const orderOf = (sort: string): Record<string, QueryOrder | 'asc' | 'desc'>[] => {
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  const field = sort.replace(/^-/, '') as keyof typeof SORT_COLUMNS;
  return [{ [SORT_COLUMNS[field]]: direction }, { createdPosition: direction }];
};
