import { TeamMember, type TeamMemberRow, UserAccount } from '#libs/access';
import type { ListTeamMembers, TeamMemberView, teamMemberSortFields } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { present } from '../present.js';
import { orderBy } from '../tenancy/conditions.js';

const SORT_COLUMNS: Record<(typeof teamMemberSortFields)[number], keyof TeamMemberRow & string> = {
  added_at: 'addedAt',
};

/** One page of a team's members, and how many there are in all. */
export const listMembers = async (
  em: EntityManager,
  { teamId, sort, limit, offset }: ListTeamMembers,
): Promise<{ members: TeamMemberView[]; total: number }> => {
  const [rows, total] = await em.findAndCount(
    TeamMember,
    { teamId },
    { limit, offset, orderBy: orderBy(sort, SORT_COLUMNS, 'userId'), disableIdentityMap: true },
  );
  return { members: await memberViews(em, rows), total };
};

export const findMember = async (
  em: EntityManager,
  teamId: string,
  userId: string,
): Promise<TeamMemberView | undefined> => {
  const row = await em.findOne(TeamMember, { teamId, userId });
  const [view] = row ? await memberViews(em, [row]) : [];
  return view;
};

const memberViews = async (em: EntityManager, rows: readonly TeamMemberRow[]): Promise<TeamMemberView[]> => {
  const users = await em.find(UserAccount, { id: { $in: rows.map(({ userId }) => userId) } });
  const byId = new Map(users.map((user) => [user.id, user]));
  return rows.map(({ userId, addedAt }) => {
    const user = byId.get(userId);
    return {
      userId,
      ...present('email', user?.email),
      ...present('displayName', user?.displayName),
      isActive: user?.isActive ?? false,
      addedAt: addedAt.toISOString(),
    };
  });
};
