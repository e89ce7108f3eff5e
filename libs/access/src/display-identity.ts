import { type EntityManager, findRows } from '#libs/read-model';
import { MachineClient } from './machine-client.entity.js';
import { TrustRule } from './trust-rule.entity.js';
import { Identity, type IdentityRow, UserAccount, type UserAccountRow } from './user.entity.js';

/** How a user is shown: the e-mail when there is one, else `issuer|subject`. */
export const displayIdentity = (user: {
  email?: string | null | undefined;
  issuer?: string | null | undefined;
  subject?: string | null | undefined;
}): string | undefined =>
  user.email ?? (user.issuer && user.subject ? `${user.issuer}|${user.subject}` : undefined);

/** How each of these users and machines is shown, by id; an unknown one is shown as the id. */
export const displayIdentities = async (
  em: EntityManager,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, string>> => {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const users = await findRows<UserAccountRow>(em, UserAccount, 'id', wanted);
  const identities = await findRows<IdentityRow>(em, Identity, 'userId', wanted);
  const shown = new Map(users.map(({ id, email }) => [id, email]));
  for (const { userId, issuer, subject } of identities)
    shown.set(userId, shown.get(userId) ?? `${issuer}|${subject}`);
  if (shown.size < wanted.length) {
    const clients = await em.find(MachineClient, { id: { $in: wanted } });
    for (const { id, issuer, clientId } of clients) shown.set(id, `${issuer}|${clientId}`);
    const rules = await em.find(TrustRule, { id: { $in: wanted } });
    for (const { id, name } of rules) shown.set(id, name);
  }
  return new Map(wanted.map((id) => [id, shown.get(id) ?? id]));
};

/** The users a filter means: by e-mail, by `issuer|subject` (an issuer holds no `|`, a subject may) or by user id. */
export const findUserIds = async (em: EntityManager, words: string): Promise<string[]> => {
  const separator = words.indexOf('|');
  const users = await em.find(UserAccount, {
    $or: [{ emailKey: words.toLowerCase() }, { id: words.toLowerCase() }],
  });
  const identities =
    separator < 0
      ? []
      : await em.find(Identity, { issuer: words.slice(0, separator), subject: words.slice(separator + 1) });
  return [...new Set([...users.map(({ id }) => id), ...identities.map(({ userId }) => userId)])];
};

/** Whoever a filter means, people and machines, by what is shown of them (`displayIdentities`) or by id. */
export const findActorIds = async (em: EntityManager, words: string): Promise<string[]> => {
  const separator = words.indexOf('|');
  const id = words.toLowerCase();
  // some issuers write `<id>@clients` into their tokens, and so do records of who was turned away
  const clientId = words.slice(separator + 1).replace(/@clients$/, '');
  const clients = await em.find(MachineClient, {
    $or: [{ id }, ...(separator < 0 ? [] : [{ issuer: words.slice(0, separator), clientId }])],
  });
  const rules = await em.find(TrustRule, { $or: [{ id }, { name: words }] });
  return [...(await findUserIds(em, words)), ...[...clients, ...rules].map((machine) => machine.id)];
};
