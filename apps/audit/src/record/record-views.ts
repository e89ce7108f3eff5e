import { type Member, Team } from '#libs/access';
import type { EntityManager } from '#libs/read-model';
import { actorIdentities, administratorsAmong } from './actor-identity.js';
import type { RecordRow } from './record.columns.js';

/**
 * What is shown of every record: people and teams by their names of today. Where an administrator acted from is shown
 * to administrators alone.
 */
export const recordViews = async <Row extends RecordRow>(
  em: EntityManager,
  rows: readonly Row[],
  viewer: Pick<Member, 'isAdmin' | 'userId'>,
) => {
  const isPrivate = viewer.isAdmin ? () => false : await administratorsAmong(em, rows);
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
    ...(row.actorUserId !== viewer.userId && isPrivate(row) ? {} : circumstancesOf(row)),
    timestamp: row.recordedAt.toISOString(),
  });
};

const circumstancesOf = ({ requestIp, userAgent }: RecordRow) => ({
  ...present('requestIp', requestIp),
  ...present('userAgent', userAgent),
});

/** The member when there is a value, else nothing: absent is not null. */
export const present = <Key extends string>(
  key: Key,
  value: string | null | undefined,
): { [K in Key]?: string } =>
  value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]: string });
