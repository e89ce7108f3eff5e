import { TeamMember, type TeamMemberRow, UserAccount } from '#libs/access';
import type { TeamMemberView } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { present } from '../present.js';

/** One page of a team's members, newest first, and how many there are in all. */
export const listMembers = async (
  em: EntityManager,
  { teamId, limit, offset }: { teamId: string; limit: number; offset: number },
): Promise<{ members: TeamMemberView[]; total: number }> => {
  const [rows, total] = await em.findAndCount(
    TeamMember,
    { teamId },
    { limit, offset, orderBy: [{ addedAt: 'desc' }, { userId: 'desc' }], disableIdentityMap: true },
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
