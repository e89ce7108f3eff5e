import { displayIdentities, findUserIds } from '#libs/access';
import { type LabelPolicyView, Problem } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { present } from '../present.js';
import { UserLabelPolicy, type UserLabelPolicyRow } from './label-policy.entity.js';

/** Rows as administrators see them. */
export const labelPolicyViews = async (
  em: EntityManager,
  rows: readonly UserLabelPolicyRow[],
): Promise<LabelPolicyView[]> => {
  const users = await displayIdentities(
    em,
    rows.map(({ userId }) => userId),
  );
  return rows.map((row) => ({
    userIdentity: users.get(row.userId) ?? row.userId,
    userId: row.userId,
    allowedLabels: row.allowedLabels,
    labelPatterns: row.labelPatterns,
    ...present('maxRunners', row.maxRunners),
    ...present('description', row.description),
    updatedAt: row.updatedAt.toISOString(),
  }));
};

export const findLabelPolicyView = async (
  em: EntityManager,
  userId: string,
): Promise<LabelPolicyView | undefined> => {
  const row = await em.findOne(UserLabelPolicy, { userId, isRemoved: false });
  const [view] = row ? await labelPolicyViews(em, [row]) : [];
  return view;
};

/**
 * The one user meant by an e-mail, `issuer|subject` or an id.
 * @throws Problem `user-unknown`
 */
export const userMeant = async (em: EntityManager, userIdentity: string): Promise<string> => {
  const [userId] = await findUserIds(em, userIdentity);
  if (userId !== undefined) return userId;
  throw new Problem(
    'user-unknown',
    'No user has this e-mail, issuer|subject or id. GET /api/v1/admin/users lists all.',
  );
};
