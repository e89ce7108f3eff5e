import type { FleetStats } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';

/** PostgreSQL counts in bigints, which arrive as texts. */
type Amount = number | string;
type Counts<Name extends string> = Record<Name, Amount>;

/** How many runners, people, teams and machines there are. */
export const countFleet = async (em: EntityManager): Promise<FleetStats> => ({
  runners: await countRunners(em),
  users: await countRow(
    em,
    ['total', 'active', 'admins'],
    `select count(*) as total, count(*) filter (where is_active) as active,
       count(*) filter (where is_active and is_admin) as admins
     from user_account`,
  ),
  teams: await countRow(
    em,
    ['total', 'active'],
    'select count(*) as total, count(*) filter (where is_active) as active from team',
  ),
  machineClients: await countRow(
    em,
    ['total', 'active'],
    `select count(*) as total, count(*) filter (where is_active) as active
     from machine_client where not is_removed`,
  ),
});

/** Those that live are few and counted by team; the others have only a number. */
const countRunners = async (em: EntityManager): Promise<FleetStats['runners']> => {
  const byTeam = await countByTeam(em);
  const { deleted } = await countRow(
    em,
    ['deleted'],
    "select count(*) as deleted from runner where status = 'deleted'",
  );
  const sumOf = (status: 'pending' | 'active' | 'offline') =>
    byTeam.reduce((sum, team) => sum + team[status], 0);
  const byStatus = { pending: sumOf('pending'), active: sumOf('active'), offline: sumOf('offline'), deleted };
  const total = Object.values(byStatus).reduce((sum, amount) => sum + amount);
  return { total, byStatus, byTeam };
};

type TeamCounts = Counts<'pending' | 'active' | 'offline'> & {
  team_id: string | null;
  team_name: string | null;
  max_runners: number | null;
};

const countByTeam = async (em: EntityManager): Promise<FleetStats['runners']['byTeam']> => {
  const rows = await em.execute<TeamCounts[]>(
    `select live.*, team.name as team_name, team.max_runners from (
       select team_id,
         count(*) filter (where status = 'pending') as pending,
         count(*) filter (where status = 'active') as active,
         count(*) filter (where status = 'offline') as offline
       from runner where status <> 'deleted' group by team_id
     ) live left join team on team.id = live.team_id
     order by live.pending + live.active + live.offline desc, coalesce(team.name, '')`,
  );
  return rows.map(({ team_id: teamId, team_name: teamName, max_runners: limit, ...amounts }) => ({
    ...(teamId === null ? {} : { teamId }),
    ...(teamName === null ? {} : { teamName }),
    pending: Number(amounts.pending),
    active: Number(amounts.active),
    offline: Number(amounts.offline),
    ...(limit === null ? {} : { limit }),
  }));
};

const countRow = async <Name extends string>(
  em: EntityManager,
  names: readonly Name[],
  sql: string,
): Promise<Record<Name, number>> => {
  const [row] = await em.execute<Counts<Name>[]>(sql);
  return Object.fromEntries(names.map((name) => [name, Number(row?.[name] ?? 0)])) as Record<Name, number>;
};
