import type { System } from '../support/system.js';

/** Somebody who asks for runners. */
export type Tenant = { name: string; token: string };

const TEAMS = [
  { name: 'chaos-red', maxRunners: 6 },
  { name: 'chaos-blue', maxRunners: 15 },
] as const;

/** Two teams with a quota, a member each, and somebody without a team. */
export const createTenants = async (system: System): Promise<Tenant[]> => {
  const asAdmin = async (path: string, body: object) => {
    const token = system.development.admin_token;
    const created = await system.call<{ id: string }>('POST', `/api/v1/admin${path}`, { body, token });
    if (created.status !== 201) throw new Error(`${path}: ${created.status} ${JSON.stringify(created.body)}`);
    return created.body.id;
  };
  const createUser = async (sub: string, teamIds: string[]): Promise<Tenant> => {
    const order = { sub };
    const { access_token, issuer } = await system.simulator<{ access_token: string; issuer: string }>(
      'POST',
      '/tokens',
      order,
    );
    const rights = { can_use_jit: true, can_use_registration_token: true };
    await asAdmin('/users', { oidc_issuer: issuer, oidc_sub: sub, team_ids: teamIds, ...rights });
    return { name: sub, token: access_token };
  };
  const members = TEAMS.map(async ({ name, maxRunners }) => {
    const labels = { optional_label_patterns: ['.*'] };
    const teamId = await asAdmin('/teams', { name, max_runners: maxRunners, ...labels });
    return createUser(`${name}-member`, [teamId]);
  });
  return Promise.all([...members, createUser('chaos-alone', [])]);
};
