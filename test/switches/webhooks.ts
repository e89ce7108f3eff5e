import { describe, expect } from '@jest/globals';
import { runDemoRunner } from '../support/demo-runner.js';
import { until } from '../support/system.js';
import {
  provision,
  runnerAtGitHub,
  type Shown,
  system,
  turn,
  untilState,
  whenSwitched,
} from './switchboard.js';

interface Delivery {
  id: number;
  event: string;
  action: string | null;
  status: string;
  status_code: number;
}

/** Provisions a runner that does one job; resolves when the service knows of its end. */
const oneJob = async (): Promise<Shown> => {
  const { runner_id, encoded_jit_config } = await provision();
  expect(await runDemoRunner(encoded_jit_config)).toMatchObject({ code: 0 });
  return untilState(runner_id, 'deleted');
};

const countOf = ({ timeline }: Shown, type: string) => timeline.filter((entry) => entry.type === type).length;

const newestDeliveries = async () =>
  (await system().simulator<{ deliveries: Delivery[] }>('GET', '/deliveries')).deliveries;

/** The first delivery of an event that came after this one. */
const deliveryAfter = (id: number, event: string) =>
  until(`a delivery of ${event}`, async () =>
    (await newestDeliveries()).find((each) => each.id > id && each.event === event),
  );

const newestId = async () => (await newestDeliveries())[0]?.id ?? 0;

export const webhooks = () =>
  describe('webhooks', () => {
    whenSwitched(
      ['hooks.delay_ms', 'hooks.shuffle_ms', 'job.duration_ms'],
      'late and in any order, they end in the same',
      async () => {
        await turn({ hooks: { delay_ms: 300, shuffle_ms: 600 }, job: { duration_ms: 100 } });
        expect(await oneJob()).toMatchObject({ status: 'deleted' });
      },
    );

    whenSwitched(
      ['hooks.duplicate_rate', 'hooks.repeat_rate'],
      'twice and thrice, they are told once',
      async () => {
        await turn({ hooks: { duplicate_rate: 1, repeat_rate: 1 }, job: { duration_ms: 300 } });
        const shown = await oneJob();
        expect({
          started: countOf(shown, 'job_started'),
          completed: countOf(shown, 'job_completed'),
          deleted: countOf(shown, 'deleted'),
        }).toEqual({ started: 1, completed: 1, deleted: 1 });
      },
    );

    whenSwitched(['hooks.drop_rate'], 'all lost, polling finds out', async () => {
      await turn({ hooks: { drop_rate: 1 }, job: { duration_ms: 1500 } });
      const shown = await oneJob();
      // Of its job nobody but a webhook tells.
      expect({ completed: countOf(shown, 'job_completed'), deleted: countOf(shown, 'deleted') }).toEqual({
        completed: 0,
        deleted: 1,
      });
    });

    whenSwitched(
      ['hooks.timeout_ms'],
      'given up by GitHub, they are found out or were taken all the same',
      async () => {
        await turn({ hooks: { timeout_ms: 1 }, job: { duration_ms: 100 } });
        const before = await newestId();
        expect(countOf(await oneJob(), 'deleted')).toBe(1);
        await until('GitHub has given up', async () =>
          (await newestDeliveries()).find(({ id, status }) => id > before && status === 'timed out'),
        );
      },
    );

    whenSwitched(
      ['hooks.self_hosted_runner_events'],
      'about runners, which GitHub does not send, are taken as hints',
      async () => {
        const { runner_id, runner_name } = await provision();
        await turn({ hooks: { self_hosted_runner_events: true } });
        const before = await newestId();
        const there = await runnerAtGitHub(runner_name);
        await fetch(`${system().development.simulator_url}/_simulator/runners/${there?.id}`, {
          method: 'DELETE',
        });
        expect(await deliveryAfter(before, 'self_hosted_runner')).toMatchObject({
          action: 'removed',
          status: 'OK',
        });
        expect(await untilState(runner_id, 'deleted')).toMatchObject({ deletion_reason: 'vanished' });
      },
    );

    whenSwitched(['hooks.workflow_run_events'], 'about runs are ignored politely', async () => {
      await turn({ hooks: { workflow_run_events: true } });
      const before = await newestId();
      await system().simulator('POST', '/jobs', { labels: ['nobody'], conclusion: 'skipped' });
      expect(await deliveryAfter(before, 'workflow_run')).toMatchObject({ status: 'OK', status_code: 200 });
    });
  });
