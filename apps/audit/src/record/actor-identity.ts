import { displayIdentities, displayIdentity, Identity, UserAccount } from '#libs/access';
import type { EntityManager } from '#libs/read-model';
import type { RecordRow } from './record.columns.js';

type ActorColumns = Pick<
  RecordRow,
  'actorKind' | 'actorUserId' | 'actorIssuer' | 'actorSubject' | 'actorApp'
>;

/** How the actors of some records are shown: e-mail, else `issuer|subject`, else `github`, `cli` or the app. */
export const actorIdentities = async (
  em: EntityManager,
  records: readonly ActorColumns[],
): Promise<(record: ActorColumns) => string> => {
  const userOf = await usersBehindIdentities(em, records);
  const userIds = records.flatMap((record) => record.actorUserId ?? userOf(record) ?? []);
  const users = await displayIdentities(em, userIds);
  return (record) => {
    const { actorKind, actorIssuer, actorSubject, actorApp } = record;
    const userId = record.actorUserId ?? userOf(record);
    const user = userId ? users.get(userId) : undefined;
    if (user !== undefined && user !== userId) return user;
    const identity = displayIdentity({ issuer: actorIssuer, subject: actorSubject });
    return identity ?? userId ?? actorApp ?? actorKind;
  };
};

/** Whether an administrator of today, or the operator, is who acted. */
export const administratorsAmong = async (
  em: EntityManager,
  records: readonly ActorColumns[],
): Promise<(record: ActorColumns) => boolean> => {
  const userOf = await usersBehindIdentities(em, records);
  const userIds = [...new Set(records.flatMap((record) => record.actorUserId ?? userOf(record) ?? []))];
  const found = userIds.length > 0 ? await em.find(UserAccount, { id: { $in: userIds }, isAdmin: true }) : [];
  const administrators = new Set(found.map(({ id }) => id));
  return (record) =>
    record.actorKind === 'cli' || administrators.has(record.actorUserId ?? userOf(record) ?? '');
};

/** Who was turned away at the edge is known by issuer and subject only, and may be a user all the same. */
const usersBehindIdentities = async (em: EntityManager, records: readonly ActorColumns[]) => {
  const keyOf = (issuer?: string | null, subject?: string | null) => `${issuer}|${subject}`;
  const wanted = new Map(
    records.flatMap(({ actorUserId, actorIssuer: issuer, actorSubject: subject }) =>
      !actorUserId && issuer && subject ? [[keyOf(issuer, subject), { issuer, subject }] as const] : [],
    ),
  );
  const known = wanted.size > 0 ? await em.find(Identity, { $or: [...wanted.values()] }) : [];
  const users = new Map(known.map(({ issuer, subject, userId }) => [keyOf(issuer, subject), userId]));
  return ({ actorIssuer, actorSubject }: ActorColumns) => users.get(keyOf(actorIssuer, actorSubject));
};
