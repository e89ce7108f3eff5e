import type { EntityManager } from '#libs/read-model';
import { Identity, UserAccount } from './membership.entities.js';

/** How a user is shown: the e-mail when there is one, else `issuer|subject`. */
export const displayIdentity = (user: {
  email?: string | null | undefined;
  issuer?: string | null | undefined;
  subject?: string | null | undefined;
}): string | undefined =>
  user.email ?? (user.issuer && user.subject ? `${user.issuer}|${user.subject}` : undefined);

/** How each of these users is shown, by user id; an unknown one is shown as the id. */
export const displayIdentities = async (
  em: EntityManager,
  userIds: Iterable<string>,
): Promise<ReadonlyMap<string, string>> => {
  const ids = [...new Set(userIds)];
  if (ids.length === 0) return new Map();
  const users = await em.find(UserAccount, { id: { $in: ids } });
  const identities = await em.find(Identity, { userId: { $in: ids } });
  return new Map(
    ids.map((id) => {
      const email = users.find((user) => user.id === id)?.email;
      const identity = identities.find(({ userId }) => userId === id);
      return [id, displayIdentity({ email, issuer: identity?.issuer, subject: identity?.subject }) ?? id];
    }),
  );
};

/** The users a filter means: by e-mail, by `issuer|subject` (an issuer holds no `|`, a subject may) or by user id. */
export const findUserIds = async (em: EntityManager, words: string): Promise<string[]> => {
  const separator = words.indexOf('|');
  const users = await em.find(UserAccount, { $or: [{ emailKey: words.toLowerCase() }, { id: words }] });
  const identities =
    separator < 0
      ? []
      : await em.find(Identity, { issuer: words.slice(0, separator), subject: words.slice(separator + 1) });
  return [...new Set([...users.map(({ id }) => id), ...identities.map(({ userId }) => userId)])];
};
