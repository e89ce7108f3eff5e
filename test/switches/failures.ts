import { describe, expect } from '@jest/globals';
import {
  provision,
  provisionAgain,
  runnerAtGitHub,
  system,
  tryToProvision,
  turn,
  uniqueName,
  untilState,
  whenSwitched,
} from './switchboard.js';

const operation = 'actions/generate-runner-jitconfig-for-org';

export const failures = () =>
  describe('failures', () => {
    whenSwitched(
      ['failures.operation', 'failures.status', 'failures.next', 'failures.when'],
      'an error before anything happened is told, and the next call works',
      async () => {
        for (const status of [500, 503, 504]) {
          await turn({ failures: [{ operation, status, next: 1, when: 'before' }] });
          const name = uniqueName();
          const answer = await tryToProvision(name);
          expect({ status: answer.status, code: answer.body.code }).toEqual({
            status: 503,
            code: 'github-unavailable',
          });
          expect(await runnerAtGitHub(name)).toBeUndefined();
        }
        await provision();
      },
    );

    whenSwitched(
      ['failures.rate'],
      'with GitHub down altogether nothing is believed gone, and all goes on when it is back',
      async () => {
        const { runner_id: kept } = await provision();
        const { runner_id: removed, runner_name } = await provision();
        await turn({ failures: [{ rate: 1, status: 503 }] });
        const gone = await runnerAtGitHub(runner_name);
        await fetch(`${system().development.simulator_url}/_simulator/runners/${gone?.id}`, {
          method: 'DELETE',
        });
        expect(await tryToProvision()).toMatchObject({ status: 503, body: { code: 'github-unavailable' } });
        expect((await system().call('GET', `/api/v1/runners/${removed}`)).body.state).toBe('pending');
        await turn({ failures: [] });
        await provisionAgain();
        expect(await untilState(removed, 'deleted')).toMatchObject({ deletion_reason: 'vanished' });
        expect((await system().call('GET', `/api/v1/runners/${kept}`)).body.state).toBe('pending');
      },
    );

    whenSwitched(
      ['failures.retry_after_seconds'],
      'a secondary limit is handed on with the time to wait',
      async () => {
        await turn({
          failures: [{ operation, status: 'secondary_rate_limit', next: 1, retry_after_seconds: 1 }],
        });
        const { status, body, headers } = await tryToProvision();
        expect({ status, code: body.code }).toEqual({ status: 503, code: 'github-rate-limited' });
        expect(headers.get('retry-after')).toBe('1');
        await provisionAgain();
      },
    );

    whenSwitched(['latency_ms'], 'a slow GitHub is waited for', async () => {
      await turn({ latency_ms: { [operation]: 700 } });
      const begun = performance.now();
      await provision();
      expect(performance.now() - begun).toBeGreaterThanOrEqual(700);
    });
  });
