import { expect } from '@jest/globals';
import { type DemoRunner, startDemoRunner } from '../support/demo-runner.js';
import { provision, runnerAtGitHub, system, uniqueName, untilState } from '../switches/switchboard.js';

export type Registered = {
  runner_id: string;
  runner_name: string;
  label: string;
  githubRunnerId: number;
  runner: DemoRunner;
};

/** A runner that waits for a job only it can do, and is known to do so. */
export const idleRunner = async (): Promise<Registered> => {
  const label = uniqueName('drift');
  const { runner_id, runner_name, encoded_jit_config } = await provision(undefined, [label]);
  const runner = startDemoRunner(encoded_jit_config);
  await untilState(runner_id, 'idle');
  const { id: githubRunnerId } = (await runnerAtGitHub(runner_name)) ?? { id: 0 };
  return { runner_id, runner_name, label, githubRunnerId, runner };
};

/** The same, at work for a minute. */
export const busyRunner = async (): Promise<Registered & { jobId: number }> => {
  const idle = await idleRunner();
  const { id: jobId } = await system().simulator<{ id: number }>('POST', '/jobs', {
    labels: [idle.label],
    duration_ms: 60_000,
  });
  await untilState(idle.runner_id, 'busy');
  return { ...idle, jobId };
};

/** Somebody changes the labels on GitHub's pages. */
export const relabel = ({ githubRunnerId }: Registered, labels: string[]) =>
  system().simulator('PATCH', `/runners/${githubRunnerId}`, { labels });

export type SecurityEvent = {
  event_type: string;
  severity: string;
  action_taken?: string;
  violation_data: Record<string, unknown>;
};

export const securityEvents = async (runnerId: string): Promise<SecurityEvent[]> => {
  const { status, body } = await system().call<{ events: SecurityEvent[] }>(
    'GET',
    `/api/v1/admin/security-events?runner_id=${runnerId}`,
    { token: system().development.admin_token },
  );
  expect(status).toBe(200);
  return body.events;
};

export const asked = async (operation: string): Promise<Record<string, number>> => {
  const { calls } = await system().simulator<{
    calls: Record<string, { by_status: Record<string, number> }>;
  }>('GET', '/state');
  return calls[operation]?.by_status ?? {};
};
