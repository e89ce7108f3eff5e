import { describe, expect, it } from '@jest/globals';
import { until } from '../support/system.js';
import { runnerAtGitHub, show, system, turn, untilState } from '../switches/switchboard.js';
import { asked, busyRunner } from './drifting.js';

const CANCELLATION = 'actions/cancel-workflow-run';

const jobAtGitHub = (jobId: number) =>
  system().simulator<{ status: string; conclusion: string | null }>('GET', `/jobs/${jobId}`);

export const cancelJob = () =>
  describe('deleting a busy runner', () => {
    it('is refused, unless its job is to be cancelled: then the run is cancelled once, and it goes', async () => {
      const busy = await busyRunner();
      const path = `/api/v1/runners/${busy.runner_name}`;
      expect((await system().call('DELETE', path)).status).toBe(409);
      const { 202: before = 0 } = await asked(CANCELLATION);
      // GitHub does not take it at first
      await turn({ failures: [{ operation: CANCELLATION, status: 502, next: 1 }] });
      const { status } = await system().call('DELETE', `${path}?cancel_job=true`);
      expect([200, 202]).toContain(status);
      const { deletion_reason, timeline } = await until(
        'the runner is gone',
        async () => {
          const shown = await show(busy.runner_id);
          return shown.state === 'deleted' ? shown : undefined;
        },
        { withinMs: 90_000 },
      );
      expect(deletion_reason).toBe('deprovisioned');
      const types = timeline.map(({ type }) => type);
      expect(types).toEqual(
        expect.arrayContaining(['job_cancellation_requested', 'job_cancelled', 'deprovision', 'deleted']),
      );
      expect(types.filter((type) => type === 'job_cancelled')).toHaveLength(1);
      expect((await asked(CANCELLATION))[202]).toBe(before + 1);
      expect(await jobAtGitHub(busy.jobId)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
      expect(await runnerAtGitHub(busy.runner_name)).toBeUndefined();
      busy.runner.kill('SIGKILL');
    }, 150_000);

    it('takes no other word than true and false', async () => {
      const { status, body } = await system().call('DELETE', '/api/v1/runners/nobody?cancel_job=maybe');
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'request-invalid' });
    });

    it('has nothing to cancel once the job is over', async () => {
      const busy = await busyRunner();
      await system().simulator('POST', `/jobs/${busy.jobId}/cancel`);
      await untilState(busy.runner_id, 'deleted');
      const again = await system().call('DELETE', `/api/v1/runners/${busy.runner_id}?cancel_job=true`);
      expect({ status: again.status, code: again.body.code }).toEqual({
        status: 409,
        code: 'already-deleted',
      });
    }, 60_000);
  });
