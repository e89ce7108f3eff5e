import { displayIdentities, displayIdentity } from '#libs/access';
import type { EntityManager } from '#libs/read-model';
import type { AuditRecordRow } from './audit-record.entity.js';

type ActorColumns = Pick<
  AuditRecordRow,
  'actorKind' | 'actorUserId' | 'actorIssuer' | 'actorSubject' | 'actorApp'
>;

/** How the actors of some records are shown: e-mail, else `issuer|subject`, else `github`, `cli` or the app. */
export const actorIdentities = async (
  em: EntityManager,
  records: readonly ActorColumns[],
): Promise<(record: ActorColumns) => string> => {
  const users = await displayIdentities(
    em,
    records.flatMap(({ actorUserId }) => actorUserId ?? []),
  );
  return ({ actorKind, actorUserId, actorIssuer, actorSubject, actorApp }) => {
    const user = actorUserId ? users.get(actorUserId) : undefined;
    if (user !== undefined && user !== actorUserId) return user;
    const identity = displayIdentity({ issuer: actorIssuer, subject: actorSubject });
    return identity ?? actorUserId ?? actorApp ?? actorKind;
  };
};
