import { describe, expect, it } from '@jest/globals';
import { until } from '../support/system.js';
import { done, newTeam, newUser, provision, unique } from './tenants.js';

type Stats = {
  runners?: { by_team: { team_id?: string; team_name?: string; pending: number; limit?: number }[] };
  users?: { active: number };
  audit?: { last_day: { total: number } };
  projections: { app: string; name: string; status: string; lag_seconds: number }[];
  missing: string[];
};

/** What an administrator sees of the whole. */
export const stats = () =>
  describe('the figures of the service', () => {
    it('come from every app, and count what has just been made', async () => {
      const name = unique('counted');
      const team = await newTeam({ name, max_runners: 3 });
      const { token } = await newUser(unique('counter'), { team_ids: [team] });
      await provision(token);
      await provision(token);
      const seen = await until('all apps answer, and the dashboard knows of both runners', async () => {
        const answer = await done<Stats>('GET', '/admin/stats');
        const ofTeam = answer.runners?.by_team.find(({ team_id: id }) => id === team);
        const behind = answer.projections.filter(
          ({ status, lag_seconds }) => status !== 'live' || lag_seconds,
        );
        const complete = answer.missing.length === 0 && behind.length === 0;
        return complete && ofTeam?.pending === 2 ? { ...answer, ofTeam } : undefined;
      });
      expect(seen.ofTeam).toEqual({
        team_id: team,
        team_name: name,
        pending: 2,
        active: 0,
        offline: 0,
        limit: 3,
      });
      expect([...new Set(seen.projections.map(({ app }) => app))]).toEqual([
        'provisioner',
        'sync',
        'audit',
        'dashboard',
      ]);
      expect(seen.users?.active).toBeGreaterThan(1);
      expect(seen.audit?.last_day.total).toBeGreaterThan(1);
    });
  });
