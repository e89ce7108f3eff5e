import { raw } from '@mikro-orm/core';
import { type Principal, visibleRunners } from '#libs/access';
import type { RunnerStatus } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { Runner } from './runner.entity.js';

/** How many runners of each status a principal may see. */
export const countRunners = async (
  em: EntityManager,
  principal: Principal,
): Promise<Record<RunnerStatus, number>> => {
  const rows = await em
    .createQueryBuilder(Runner, 'r')
    .select(['status', raw('count(*) as amount')])
    .where(visibleRunners(principal))
    .groupBy('status')
    .execute<{ status: RunnerStatus; amount: number | string }[]>('all');
  const counts = { pending: 0, active: 0, offline: 0, deleted: 0 };
  for (const { status, amount } of rows) counts[status] = Number(amount);
  return counts;
};
