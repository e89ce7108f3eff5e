import { Team } from '#libs/access';
import type { AuditRecord } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { actorIdentities } from './actor-identity.js';
import type { AuditRecordRow } from './audit-record.entity.js';

/** Rows as callers see them: people and teams by their names of today. */
export const auditRecordViews = async (
  em: EntityManager,
  rows: readonly AuditRecordRow[],
): Promise<AuditRecord[]> => {
  const identityOf = await actorIdentities(em, rows);
  const teamIds = [...new Set(rows.flatMap(({ teamId }) => teamId ?? []))];
  const teams = teamIds.length > 0 ? await em.find(Team, { id: { $in: teamIds } }) : [];
  const teamNames = new Map(teams.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({
    id: row.id,
    position: String(row.position),
    eventType: row.eventType,
    ...present('runnerId', row.runnerId),
    ...present('runnerName', row.runnerName),
    ...present('teamId', row.teamId),
    ...present('teamName', row.teamId ? teamNames.get(row.teamId) : undefined),
    userIdentity: identityOf(row),
    ...present('oidcIssuer', row.actorIssuer),
    ...present('oidcSub', row.actorSubject),
    requestId: row.requestId,
    ...present('requestIp', row.requestIp),
    ...present('userAgent', row.userAgent),
    eventData: row.eventData,
    success: row.success,
    ...present('errorMessage', row.errorMessage),
    timestamp: row.recordedAt.toISOString(),
  }));
};

/** The member when there is a value, else nothing: absent is not null. */
const present = <Key extends string>(key: Key, value: string | null | undefined): { [K in Key]?: string } =>
  value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]: string });
