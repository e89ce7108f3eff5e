import { UserAccount, type UserAccountRow } from '#libs/access';
import type { ListUsers, userSortFields } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { anyHolds, given, orderBy, sql } from '../tenancy/conditions.js';

const SORT_COLUMNS: Record<(typeof userSortFields)[number], keyof UserAccountRow & string> = {
  created_at: 'createdAt',
  email: 'emailKey',
  display_name: 'displayName',
  last_login_at: 'lastLoginAt',
};

/** One page of the users asked for, and how many there are in all. */
export const searchUsers = async (
  em: EntityManager,
  { isActive, isAdmin, teamId, q, sort, limit, offset }: ListUsers,
): Promise<{ rows: UserAccountRow[]; total: number }> => {
  const conditions = given([
    isActive === undefined ? undefined : { isActive },
    isAdmin === undefined ? undefined : { isAdmin },
    teamId === undefined
      ? undefined
      : sql('id in (select user_id from team_member where team_id = ?)', [teamId]),
    q === undefined ? undefined : anyHolds(['email', 'display_name'], q),
  ]);
  const [rows, total] = await em.findAndCount(
    UserAccount,
    { $and: conditions },
    { limit, offset, orderBy: orderBy(sort, SORT_COLUMNS), disableIdentityMap: true },
  );
  return { rows, total };
};
