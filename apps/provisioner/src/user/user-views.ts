import { displayIdentities, Identity, UserAccount, type UserAccountRow } from '#libs/access';
import type { UserView } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { present } from '../present.js';
import { shownMaker } from '../tenancy/shown-maker.js';

/** Rows as administrators see them. */
export const userViews = async (em: EntityManager, rows: readonly UserAccountRow[]): Promise<UserView[]> => {
  const makers = await displayIdentities(
    em,
    rows.flatMap(({ createdByUserId }) => createdByUserId ?? []),
  );
  const identities = await em.find(
    Identity,
    { userId: { $in: rows.map(({ id }) => id) } },
    { orderBy: { issuer: 'desc', subject: 'desc' } },
  );
  const identityOf = new Map(identities.map((identity) => [identity.userId, identity]));
  return rows.map((row) => ({
    id: row.id,
    ...present('email', row.email),
    ...present('oidcIssuer', identityOf.get(row.id)?.issuer),
    ...present('oidcSub', identityOf.get(row.id)?.subject),
    ...present('displayName', row.displayName),
    isAdmin: row.isAdmin,
    isActive: row.isActive,
    canUseJit: row.canUseJit,
    canUseRegistrationToken: row.canUseRegistrationToken,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...present('lastLoginAt', row.lastLoginAt?.toISOString()),
    createdBy: shownMaker(row, makers),
  }));
};

export const findUserView = async (em: EntityManager, userId: string): Promise<UserView | undefined> => {
  const row = await em.findOne(UserAccount, { id: userId });
  const [view] = row ? await userViews(em, [row]) : [];
  return view;
};
