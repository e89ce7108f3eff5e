import { Team } from '#libs/access';
import type { EntityManager } from '#libs/read-model';
import { actorIdentities } from './actor-identity.js';
import type { RecordRow } from './record.columns.js';

/** What is shown of every record: people and teams by their names of today. */
export const recordViews = async <Row extends RecordRow>(em: EntityManager, rows: readonly Row[]) => {
  const identityOf = await actorIdentities(em, rows);
  const teamIds = [...new Set(rows.flatMap(({ teamId }) => teamId ?? []))];
  const teams = teamIds.length > 0 ? await em.find(Team, { id: { $in: teamIds } }) : [];
  const teamNames = new Map(teams.map(({ id, name }) => [id, name]));
  return (row: Row) => ({
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
    timestamp: row.recordedAt.toISOString(),
  });
};

/** The member when there is a value, else nothing: absent is not null. */
export const present = <Key extends string>(
  key: Key,
  value: string | null | undefined,
): { [K in Key]?: string } =>
  value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]: string });
