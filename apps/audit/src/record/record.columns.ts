import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor, Fact, Recorded } from '#libs/contracts';

/**
 * What every record of a fact holds: who did it, from where, to which runner and team. People are ids here and get
 * their e-mails when the record is read, so that an e-mail is kept in one place only.
 */
export const recordProperties = {
  /** Of the event. */
  id: p.string().primary(),
  /** Log position of the event. */
  position: p.bigint('bigint'),
  eventType: p.string(),
  runnerId: p.string().nullable(),
  runnerName: p.string().nullable(),
  teamId: p.string().nullable(),
  actorKind: p.string().$type<Actor['kind']>(),
  /** Of a machine: the registered client or the trust rule it came in by. */
  actorUserId: p.string().nullable(),
  actorIssuer: p.string().nullable(),
  actorSubject: p.string().nullable(),
  actorApp: p.string().nullable(),
  requestId: p.string(),
  requestIp: p.string().nullable(),
  userAgent: p.string().nullable(),
  /** When it was recorded in the log. */
  recordedAt: p.datetime(),
};

const Record = defineEntity({ name: 'Record', abstract: true, properties: recordProperties });
export type RecordRow = Pick<InferEntity<typeof Record>, keyof typeof recordProperties>;

/** The same columns for a migration; the ones of one table follow. */
export const recordColumns = (instant: string): string => `
  id text primary key,
  position bigint not null,
  event_type text not null,
  runner_id text,
  runner_name text,
  team_id text,
  actor_kind text not null,
  actor_user_id text,
  actor_issuer text,
  actor_subject text,
  actor_app text,
  request_id text not null,
  request_ip text,
  user_agent text,
  recorded_at ${instant} not null`;

/** Lists are newest first, of one team, runner or person or of all. */
export const recordIndexes = (table: string): string[] => [
  `create index ${table}_position on ${table} (position)`,
  ...['runner_id', 'team_id', 'event_type', 'actor_user_id', 'actor_issuer'].map(
    (column) => `create index ${table}_${column} on ${table} (${column}, position)`,
  ),
];

/**
 * What a fact says about itself.
 * @param runner what is known of the fact's runner beside the fact
 */
export const recordOf = (
  fact: Recorded<Fact>,
  eventType: string,
  runner?: Pick<RecordRow, 'teamId'> & { name: string },
): RecordRow => {
  const { actor, $correlationId, requestIp, userAgent } = fact.metadata;
  return {
    id: fact.id,
    position: fact.position,
    eventType,
    runnerId: textOf(fact, 'runnerId') ?? null,
    runnerName: runner?.name ?? textOf(fact, 'runnerName') ?? null,
    teamId: runner?.teamId ?? textOf(fact, 'teamId') ?? null,
    actorKind: actor.kind,
    actorUserId: actor.userId ?? actor.machineClientId ?? actor.trustRuleId ?? null,
    actorIssuer: actor.issuer ?? null,
    actorSubject: actor.subject ?? null,
    actorApp: actor.app ?? null,
    requestId: $correlationId,
    requestIp: requestIp ?? null,
    userAgent: userAgent ?? null,
    recordedAt: fact.recordedAt,
  };
};

export const textOf = ({ data }: Recorded<Fact>, field: string): string | undefined => {
  const value = (data as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
};
