import { describe, expect } from '@jest/globals';
import { type DemoRunner, startDemoRunner } from '../support/demo-runner.js';
import {
  type Provisioned,
  provision,
  runnerAtGitHub,
  show,
  system,
  turn,
  uniqueName,
  untilListedAgain,
  untilState,
  whenSwitched,
} from './switchboard.js';

/** A runner that waits for a job only it can do, and is known to do so. */
const waiting = async (
  label = uniqueName('only'),
): Promise<Provisioned & { runner: DemoRunner; label: string }> => {
  const provisioned = await provision(undefined, [label]);
  const runner = startDemoRunner(provisioned.encoded_jit_config);
  await runner.says('Listening');
  return { ...provisioned, runner, label };
};

const queueJob = (label: string, job: Record<string, unknown> = {}) =>
  system().simulator('POST', '/jobs', { labels: [label], ...job });

export const runners = () =>
  describe('runners', () => {
    whenSwitched(['job.conclusion', 'job.duration_ms'], 'how a job ended is told', async () => {
      await turn({ job: { conclusion: 'failure', duration_ms: 50 } });
      const { runner_id, runner, label } = await waiting();
      await queueJob(label);
      expect(await runner.ended).toBe(0);
      const { timeline } = await untilState(runner_id, 'deleted');
      const completed = timeline.find(({ type }) => type === 'job_completed');
      expect(completed?.summary).toContain('failure');
    });

    whenSwitched(
      ['runner_service.poll_ms', 'runner_service.token_seconds'],
      'a runner that polls and renews its token all the time is simply online',
      async () => {
        await turn({ runner_service: { poll_ms: 50, token_seconds: 1 } });
        const { runner_id, runner, label } = await waiting();
        await untilState(runner_id, 'idle');
        await untilListedAgain(1);
        await queueJob(label, { duration_ms: 50 });
        expect(await runner.ended).toBe(0);
        const { timeline } = await untilState(runner_id, 'deleted');
        expect(timeline.map(({ type }) => type)).not.toContain('offline');
      },
    );

    whenSwitched(
      ['runner_service.session_timeout_ms', 'runner_ttl.jit_unused_seconds'],
      'one that dies is offline, then gone',
      async () => {
        await turn({ runner_service: { session_timeout_ms: 500, poll_ms: 100 } });
        const { runner_id, runner } = await waiting();
        await untilState(runner_id, 'idle');
        runner.kill('SIGKILL');
        await untilState(runner_id, 'offline');
        await turn({ runner_ttl: { jit_unused_seconds: 1 } });
        expect(await untilState(runner_id, 'deleted')).toMatchObject({ deletion_reason: 'vanished' });
      },
    );

    whenSwitched(['runner_ttl.jit_unused_seconds'], 'one that never came is forgotten', async () => {
      const { runner_id } = await provision();
      await turn({ runner_ttl: { jit_unused_seconds: 0 } });
      const { deletion_reason } = await untilState(runner_id, 'deleted');
      expect(['vanished', 'never-connected']).toContain(deletion_reason);
    });

    whenSwitched(['runner_ttl.jit_idle_seconds'], 'one that waited too long is gone', async () => {
      const { runner_id, runner } = await waiting();
      await untilState(runner_id, 'idle');
      await turn({ runner_ttl: { jit_idle_seconds: 1 } });
      expect(await runner.ended).toBe(1);
      expect(await untilState(runner_id, 'deleted')).toMatchObject({ deletion_reason: 'vanished' });
    });

    whenSwitched(
      ['runner_ttl.offline_seconds'],
      'one that is not ephemeral is forgotten later, but is',
      async () => {
        const runner_name = uniqueName('lasting');
        const { body } = await system().call('POST', '/api/v1/runners/provision', {
          body: { runner_name, ephemeral: false },
        });
        const { github_url, registration_token } = body as { github_url: string; registration_token: string };
        const runner = startDemoRunner(
          '--url',
          github_url,
          '--token',
          registration_token,
          '--name',
          runner_name,
        );
        await untilState(runner_name, 'idle');
        runner.kill('SIGTERM');
        expect(await runner.ended).toBe(0);
        await untilState(runner_name, 'offline');
        await turn({ runner_ttl: { offline_seconds: 0 } });
        expect(await untilState(runner_name, 'deleted')).toMatchObject({ deletion_reason: 'vanished' });
      },
    );

    whenSwitched(
      ['runner_service.assignment_timeout_ms'],
      'a job is told of the runner that did it, not of the one it was offered to',
      async () => {
        await turn({ runner_service: { assignment_timeout_ms: 300 } });
        const deaf = await waiting();
        deaf.runner.kill('SIGSTOP');
        const other = await waiting(deaf.label);
        await queueJob(deaf.label, { duration_ms: 50 });
        expect(await other.runner.ended).toBe(0);
        const { timeline } = await untilState(other.runner_id, 'deleted');
        expect(timeline.map(({ type }) => type)).toContain('job_completed');
        expect((await show(deaf.runner_id)).timeline.map(({ type }) => type)).not.toContain('job_started');
        deaf.runner.kill('SIGKILL');
      },
    );

    whenSwitched(
      ['runner_service.job_lock_ms'],
      'one that dies at work loses its job and is gone',
      async () => {
        await turn({ runner_service: { job_lock_ms: 1000 } });
        const { runner_id, runner, label } = await waiting();
        await queueJob(label, { duration_ms: 60_000 });
        await untilState(runner_id, 'busy');
        runner.kill('SIGKILL');
        const { timeline } = await untilState(runner_id, 'deleted');
        expect(timeline.find(({ type }) => type === 'job_completed')?.summary).toContain('failure');
      },
    );

    whenSwitched(
      ['hidden_busy_rate'],
      'one at work that GitHub shows as idle is not taken for idle',
      async () => {
        await turn({ hidden_busy_rate: 1 });
        const { runner_id, runner_name, runner, label } = await waiting();
        await queueJob(label, { duration_ms: 60_000 });
        await untilState(runner_id, 'busy');
        await untilListedAgain();
        expect((await show(runner_id)).state).toBe('busy');
        const refused = await system().call('DELETE', `/api/v1/runners/${runner_name}`);
        expect({ status: refused.status, code: refused.body.code }).toEqual({
          status: 409,
          code: 'runner-busy',
        });
        expect(await runnerAtGitHub(runner_name)).toBeDefined();
        runner.kill('SIGKILL');
      },
    );
  });
