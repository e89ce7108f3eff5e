import { type RawQueryFragment, raw } from '@mikro-orm/core';
import { findUserIds, type Principal, Team, visibleRecords } from '#libs/access';
import type { SearchAuditRecords } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { AuditRecord, type AuditRecordRow } from './audit-record.entity.js';

type Condition = Record<string, unknown>;

/** The records a principal may see and asked for: one page, newest first, and how many there are in all. */
export const findAuditRecords = async (
  em: EntityManager,
  principal: Principal,
  search: SearchAuditRecords,
): Promise<{ rows: AuditRecordRow[]; total: number }> => {
  const matching = [visibleRecords(principal), ...(await conditionsOf(em, search))];
  const { before, limit, offset } = search;
  const page = before === undefined ? matching : [...matching, { position: { $lt: BigInt(before) } }];
  const rows = await em.find(
    AuditRecord,
    { $and: page },
    { limit, offset, orderBy: [{ position: 'desc' }, { id: 'desc' }], disableIdentityMap: true },
  );
  return { rows, total: await em.count(AuditRecord, { $and: matching }) };
};

const conditionsOf = async (em: EntityManager, search: SearchAuditRecords): Promise<Condition[]> => {
  const { eventType, userIdentity, team, runnerId, since, until, q } = search;
  const conditions: (Condition | undefined)[] = [
    eventType === undefined ? undefined : { eventType: { $in: eventTypesOf(eventType) } },
    userIdentity === undefined ? undefined : await actedBy(em, userIdentity),
    team === undefined ? undefined : { teamId: { $in: await teamIdsOf(em, team) } },
    runnerId === undefined ? undefined : { runnerId },
    since === undefined ? undefined : { recordedAt: { $gte: new Date(since) } },
    until === undefined ? undefined : { recordedAt: { $lte: new Date(until) } },
    q === undefined ? undefined : anywhere(q),
  ];
  return conditions.filter((condition) => condition !== undefined);
};

/** Both ways to provision are a provisioning. */
const eventTypesOf = (eventType: string): string[] =>
  eventType === 'provision' ? ['provision', 'provision_jit'] : [eventType];

/** An e-mail, `issuer|subject`, or what is shown when nobody in person acted: `github`, `cli`, an app. */
const actedBy = async (em: EntityManager, words: string): Promise<Condition> => {
  const separator = words.indexOf('|');
  const identity = { actorIssuer: words.slice(0, separator), actorSubject: words.slice(separator + 1) };
  return {
    $or: [
      { actorUserId: { $in: await findUserIds(em, words) } },
      { actorApp: words },
      { actorKind: words, actorUserId: null, actorApp: null },
      ...(separator < 0 ? [] : [identity]),
    ],
  };
};

/** Id or name. */
const teamIdsOf = async (em: EntityManager, words: string): Promise<string[]> =>
  (await em.find(Team, { $or: [{ id: words.toLowerCase() }, { name: words }] })).map(({ id }) => id);

const anywhere = (text: string): Condition => {
  const pattern = `%${text.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
  const like = (column: string): RawQueryFragment => raw(`lower(${column}) like ? escape '!'`, [pattern]);
  return {
    $or: ['runner_name', 'event_type', 'error_message'].map((column) => ({
      [like(column) as unknown as string]: [],
    })),
  };
};
