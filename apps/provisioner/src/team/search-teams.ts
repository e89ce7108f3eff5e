import { type Principal, Team, type TeamRow } from '#libs/access';
import type { ListTeams, teamSortFields } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { anyHolds, given, orderBy } from '../tenancy/conditions.js';

const SORT_COLUMNS: Record<(typeof teamSortFields)[number], keyof TeamRow & string> = {
  created_at: 'createdAt',
  updated_at: 'updatedAt',
  name: 'name',
};

/** One page of the teams a principal may see and asked for, and how many there are in all. */
export const searchTeams = async (
  em: EntityManager,
  { isAdmin, teams }: Principal,
  { isActive, q, own, sort, limit, offset }: ListTeams,
): Promise<{ rows: TeamRow[]; total: number }> => {
  const conditions = given([
    isAdmin && !own ? undefined : { id: { $in: teams.map(({ id }) => id) } },
    isActive === undefined ? undefined : { isActive },
    q === undefined ? undefined : anyHolds(['name', 'description'], q),
  ]);
  const [rows, total] = await em.findAndCount(
    Team,
    { $and: conditions },
    { limit, offset, orderBy: orderBy(sort, SORT_COLUMNS), disableIdentityMap: true },
  );
  return { rows, total };
};
