import { describe, expect } from '@jest/globals';
import type { SwitchName } from '../simulator/src/admin/switch-names.js';
import { startDemoRunner } from '../support/demo-runner.js';
import type { Answer } from '../support/system.js';
import {
  provision,
  provisionAgain,
  system,
  tryToProvision,
  turn,
  uniqueName,
  untilState,
  whenSwitched,
} from './switchboard.js';

const jitConfigs = 'actions/generate-runner-jitconfig-for-org';

/** GitHub was told to say one second. */
const expectLimited = ({ status, body, headers }: Answer) =>
  expect({ status, code: body.code, seconds: headers.get('retry-after') }).toEqual({
    status: 503,
    code: 'github-rate-limited',
    seconds: '1',
  });

/** Provisions until GitHub refuses. */
const untilLimited = async (most: number): Promise<Answer> => {
  for (let times = 0; times < most; times += 1) {
    const answer = await tryToProvision();
    if (answer.status !== 201) return answer;
  }
  throw new Error(`GitHub took ${most} registrations`);
};

/** A limit that builds up by itself, reached by a few calls. */
const struckBy = (name: SwitchName, limits: Record<string, unknown>) =>
  whenSwitched(
    [name, 'secondary_limits.enabled', 'secondary_limits.retry_after_seconds'],
    'when it strikes, callers are told to wait as long as GitHub says',
    async () => {
      await turn({ secondary_limits: { enabled: true, retry_after_seconds: 1, ...limits } });
      expectLimited(await untilLimited(4));
      await turn({ secondary_limits: { enabled: false } });
      await provisionAgain();
    },
  );

export const limits = () =>
  describe('limits', () => {
    whenSwitched(
      ['rate_limit.limit', 'rate_limit.window_seconds', 'rate_limit.status'],
      'a budget that is used up is waited out',
      async () => {
        await turn({ rate_limit: { limit: 0, window_seconds: 1, status: 429 } });
        expectLimited(await tryToProvision());
        await turn({ rate_limit: { limit: null } });
        await provisionAgain();
      },
    );

    whenSwitched(['rate_limit.enabled'], 'without limits nothing is missed', async () => {
      await turn({ rate_limit: { enabled: false } });
      await provision();
    });

    whenSwitched(
      ['rate_limit.registration_limit'],
      "the budget of config.sh is the runner's affair: it can be registered later with the same token",
      async () => {
        const runner_name = uniqueName('registered');
        const { status, body } = await system().call('POST', '/api/v1/runners/provision', {
          body: { runner_name },
        });
        expect(status).toBe(201);
        const { github_url, registration_token } = body as { github_url: string; registration_token: string };
        const configure = () =>
          startDemoRunner(
            '--url',
            github_url,
            '--token',
            registration_token,
            '--name',
            runner_name,
            '--ephemeral',
          );
        await turn({ rate_limit: { registration_limit: 0 } });
        const refused = configure();
        expect(await refused.ended).toBe(1);
        expect(refused.output()).toContain('rate limit');
        await turn({ rate_limit: { registration_limit: null } });
        const registered = configure();
        await untilState(runner_name, 'idle');
        registered.kill('SIGTERM');
        expect(await registered.ended).toBe(0);
      },
    );

    struckBy('secondary_limits.points_per_minute', { points_per_minute: 5 });
    struckBy('secondary_limits.content_per_minute', {
      content_operations: [jitConfigs],
      content_per_minute: 1,
    });
    struckBy('secondary_limits.content_per_hour', { content_operations: [jitConfigs], content_per_hour: 1 });
    struckBy('secondary_limits.registrations_per_5_minutes', { registrations_per_5_minutes: 1 });

    whenSwitched(
      ['secondary_limits.content_operations'],
      'what does not count as creating content is not limited by it',
      async () => {
        const content_operations = ['actions/create-registration-token-for-org'];
        await turn({ secondary_limits: { enabled: true, content_operations, content_per_minute: 0 } });
        await provision();
      },
    );

    whenSwitched(
      ['secondary_limits.concurrent_requests', 'secondary_limits.status'],
      'too many at once are refused one by one, the others served',
      async () => {
        await turn({
          secondary_limits: { enabled: true, concurrent_requests: 2, status: 429, retry_after_seconds: 1 },
          latency_ms: { [jitConfigs]: 1_000 },
        });
        const answers = await Promise.all(Array.from({ length: 8 }, () => tryToProvision()));
        const outcomes = new Set(answers.map(({ status, body }) => `${status} ${body.code}`));
        expect([...outcomes].sort()).toEqual(['201 undefined', '503 github-rate-limited']);
        await turn({ secondary_limits: { enabled: false } });
        await provisionAgain();
      },
    );
  });
