import { displayIdentities, Team, type TeamRow } from '#libs/access';
import type { TeamView } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { slotsInUse } from '../capacity/slots-in-use.query.js';
import { present } from '../present.js';
import { shownMaker } from '../tenancy/shown-maker.js';

/** Rows as administrators and members see them. */
export const teamViews = async (em: EntityManager, rows: readonly TeamRow[]): Promise<TeamView[]> => {
  const ids = rows.map(({ id }) => id);
  const people = await displayIdentities(
    em,
    rows
      .flatMap(({ createdByUserId, deactivatedByUserId }) => [createdByUserId, deactivatedByUserId])
      .filter((id) => typeof id === 'string'),
  );
  const members = await countMembers(em, ids);
  const runners = await slotsInUse(em, 'team', ids);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    ...present('description', row.description),
    requiredLabels: row.requiredLabels,
    optionalLabelPatterns: row.labelPatterns,
    runnerGroupIds: row.runnerGroupIds,
    ...present('maxRunners', row.maxRunners),
    isActive: row.isActive,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    createdBy: shownMaker(row, people),
    ...present('deactivatedAt', row.deactivatedAt?.toISOString()),
    ...present('deactivatedBy', row.deactivatedByUserId && people.get(row.deactivatedByUserId)),
    ...present('deactivationReason', row.deactivationReason),
    memberCount: members.get(row.id) ?? 0,
    activeRunnerCount: runners.get(row.id) ?? 0,
  }));
};

export const findTeamView = async (em: EntityManager, teamId: string): Promise<TeamView | undefined> => {
  const row = await em.findOne(Team, { id: teamId });
  const [view] = row ? await teamViews(em, [row]) : [];
  return view;
};

const countMembers = async (
  em: EntityManager,
  teamIds: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  if (teamIds.length === 0) return new Map();
  const counts = await em.execute<{ team_id: string; amount: number | string }[]>(
    `select team_id, count(*) as amount from team_member where team_id in (${teamIds.map(() => '?').join()})
     group by team_id`,
    [...teamIds],
  );
  return new Map(counts.map(({ team_id, amount }) => [team_id, Number(amount)]));
};
