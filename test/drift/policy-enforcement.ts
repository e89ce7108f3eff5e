import { describe, expect, it } from '@jest/globals';
import { until } from '../support/system.js';
import { system, untilState } from '../switches/switchboard.js';
import { idleRunner, securityEvents } from './drifting.js';

type Team = { id: string; name: string; optional_label_patterns: string[] };

const asAdministrator = () => ({ token: system().development.admin_token });

const permitOnly = async (team: Team, patterns: string[]) => {
  const { status } = await system().call('PATCH', `/api/v1/admin/teams/${team.id}`, {
    ...asAdministrator(),
    body: { optional_label_patterns: patterns },
  });
  expect(status).toBe(200);
};

export const policyEnforcement = () =>
  describe('a job on a runner whose labels the policy does not permit any more', () => {
    it('has its workflow run cancelled, and is a security event', async () => {
      const { body } = await system().call<{ teams: Team[] }>(
        'GET',
        '/api/v1/admin/teams',
        asAdministrator(),
      );
      const team = body.teams.find(({ name }) => name === 'dev') as Team;
      const idle = await idleRunner();
      await permitOnly(team, ['other']);
      try {
        await until('the policy counts', async () => {
          const checked = await system().call('POST', '/api/v1/auth/check', {
            body: { runner_name_prefix: 'check', labels: [idle.label] },
          });
          return checked.body.allowed === false ? true : undefined;
        });
        const { id } = await system().simulator<{ id: number }>('POST', '/jobs', {
          labels: [idle.label],
          duration_ms: 60_000,
        });
        const { timeline } = await untilState(idle.runner_id, 'deleted');
        expect(timeline.map(({ type }) => type)).toEqual(
          expect.arrayContaining(['job_outside_policy', 'job_cancellation_requested', 'job_cancelled']),
        );
        expect(await securityEvents(idle.runner_id)).toMatchObject([
          {
            event_type: 'label_policy_violation',
            severity: 'high',
            action_taken: 'run-cancelled',
            violation_data: { refused_labels: [idle.label] },
          },
        ]);
        const job = await system().simulator<{ conclusion: string }>('GET', `/jobs/${id}`);
        expect(job.conclusion).toBe('cancelled');
      } finally {
        await permitOnly(team, team.optional_label_patterns);
      }
    }, 120_000);
  });
