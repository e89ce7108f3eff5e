import { closedLoop } from '../bench/load/closed-loop.js';
import type { Service } from './service.js';

export type Tenants = { teams: number; users: number; clients: number };
type Identified = { id: string };

const IN_FLIGHT = 64;
export const subjectOf = (user: number): string => `person-${user}`;
/** The active one of a team's clients, which is its last. */
export const activeClientOf = (team: number, clientsEach: number): string =>
  `client-${team}-${clientsEach - 1}`;

/** Records so many tenants through the API; resolves with writes per second. */
export const fill = async (
  { call, issuer }: Service,
  { teams, users, clients }: Tenants,
): Promise<{ perSecond: number }> => {
  let writes = 0;
  const write = async <Body>(method: string, path: string, body: object): Promise<Body> => {
    const answer = await call<Body>(method, path, { body });
    writes += 1;
    return answer;
  };
  const each = async (count: number, work: (index: number) => Promise<void>): Promise<number> => {
    let next = 0;
    const loop = { inFlight: IN_FLIGHT, milliseconds: Number.POSITIVE_INFINITY, calls: count };
    const { seconds } = await closedLoop(loop, () => work(next++));
    return seconds;
  };

  const teamIds: string[] = [];
  let seconds = await each(teams, async (team) => {
    const body = { name: `team-${team}`, optional_label_patterns: ['gpu', 'ubuntu-.*'], max_runners: 10 };
    teamIds[team] = (await write<Identified>('POST', '/admin/teams', body)).id;
  });
  seconds += await each(users, async (user) => {
    await write('POST', '/admin/users', {
      email: `${subjectOf(user)}@example.test`,
      oidc_issuer: issuer,
      oidc_sub: subjectOf(user),
      team_ids: [teamIds[user % teams]],
    });
  });
  const clientsEach = clients / teams;
  seconds += await each(teams, async (team) => {
    for (let client = 0; client < clientsEach; client++) {
      const body = { client_id: `client-${team}-${client}`, team_id: teamIds[team] };
      const { id } = await write<Identified>('POST', '/admin/oauth-clients', body);
      const isLast = client === clientsEach - 1;
      if (!isLast) await write('PATCH', `/admin/oauth-clients/${id}`, { is_active: false });
    }
  });
  return { perSecond: writes / seconds };
};
