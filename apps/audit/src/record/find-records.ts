import { type RawQueryFragment, raw } from '@mikro-orm/core';
import { findActorIds, Identity, Team } from '#libs/access';
import type { SearchAuditRecords, SearchSecurityEvents } from '#libs/contracts';
import type { AnyEntity, EntityManager } from '#libs/read-model';
import type { RecordRow } from './record.columns.js';

type Condition = Record<string, unknown>;

export type FindRecords = {
  entity: AnyEntity;
  /** What the caller may see, and what only these records can be searched by. */
  conditions: readonly Condition[];
  /** Columns `q` is looked for in. */
  texts: readonly string[];
};

/** One page of records, in the order of the log or against it, and how many there are in all. */
export const findRecords = async <Row extends RecordRow>(
  em: EntityManager,
  search: SearchAuditRecords | SearchSecurityEvents,
  { entity, conditions, texts }: FindRecords,
): Promise<{ rows: Row[]; total: number }> => {
  const matching = [...conditions, ...(await conditionsOf(em, search, texts))];
  const { before, sort, limit, offset } = search;
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  const page = before === undefined ? matching : [...matching, { position: { $lt: BigInt(before) } }];
  const rows = await em.find(
    entity,
    { $and: page },
    { limit, offset, orderBy: [{ position: direction }, { id: direction }], disableIdentityMap: true },
  );
  return { rows: rows as Row[], total: await em.count(entity, { $and: matching }) };
};

const conditionsOf = async (
  em: EntityManager,
  search: SearchAuditRecords | SearchSecurityEvents,
  texts: readonly string[],
): Promise<Condition[]> => {
  const { eventType, userIdentity, team, runnerId, severity, since, until, q } = search;
  const conditions: (Condition | undefined)[] = [
    eventType === undefined ? undefined : { eventType: { $in: eventTypesOf(eventType) } },
    userIdentity === undefined ? undefined : await actedBy(em, userIdentity),
    team === undefined ? undefined : { teamId: { $in: await teamIdsOf(em, team) } },
    runnerId === undefined ? undefined : { runnerId },
    severity === undefined ? undefined : { severity },
    since === undefined ? undefined : { recordedAt: { $gte: new Date(since) } },
    until === undefined ? undefined : { recordedAt: { $lte: new Date(until) } },
    q === undefined ? undefined : anywhere(q, texts),
  ];
  return conditions.filter((condition) => condition !== undefined);
};

/** Both ways to provision are a provisioning. */
const eventTypesOf = (eventType: string): string[] =>
  eventType === 'provision' ? ['provision', 'provision_jit'] : [eventType];

/** An e-mail, `issuer|subject`, the name of a trust rule, or what is shown when nobody in person acted: `github`, `cli`, an app. */
const actedBy = async (em: EntityManager, words: string): Promise<Condition> => {
  const actorIds = await findActorIds(em, words);
  const bound = actorIds.length > 0 ? await em.find(Identity, { userId: { $in: actorIds } }) : [];
  const separator = words.indexOf('|');
  const named =
    separator < 0 ? [] : [{ issuer: words.slice(0, separator), subject: words.slice(separator + 1) }];
  return {
    $or: [
      { actorUserId: { $in: actorIds } },
      { actorApp: words },
      { actorKind: words, actorUserId: null, actorApp: null },
      ...[...named, ...bound].map(({ issuer, subject }) => ({ actorIssuer: issuer, actorSubject: subject })),
    ],
  };
};

/** Id or name. */
const teamIdsOf = async (em: EntityManager, words: string): Promise<string[]> =>
  (await em.find(Team, { $or: [{ id: words.toLowerCase() }, { name: words }] })).map(({ id }) => id);

const anywhere = (text: string, columns: readonly string[]): Condition => {
  const pattern = `%${text.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
  const like = (column: string): RawQueryFragment => raw(`lower(${column}) like ? escape '!'`, [pattern]);
  return { $or: columns.map((column) => ({ [like(column) as unknown as string]: [] })) };
};
