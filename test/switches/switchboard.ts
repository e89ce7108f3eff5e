import { expect, it } from '@jest/globals';
import { type SwitchName, switchesIn } from '../simulator/src/admin/switch-names.js';
import { killDemoRunners } from '../support/demo-runner.js';
import { type System, startSystem, until } from '../support/system.js';

let running: System | undefined;
const turned = new Set<string>();

/** The system under the switches; one for all, as starting it takes longer than most tests. */
export const system = (): System => {
  if (!running) throw new Error('the system is not running');
  return running;
};

export const startSwitchboard = async (variables: Record<string, string> = {}): Promise<void> => {
  running = await startSystem({
    SYNC_INTERVAL_SECONDS: '1',
    SYNC_PENDING_INTERVAL_SECONDS: '1',
    ...variables,
  });
};

export const stopSwitchboard = async (): Promise<void> => {
  killDemoRunners();
  await running?.stop();
};

/** @param patch JSON merge patch of the simulator's switches */
export const turn = async (patch: Record<string, unknown>): Promise<void> => {
  for (const name of switchesIn(patch)) turned.add(name);
  await system().simulator('PATCH', '/switches', patch);
};

/**
 * A test of the service under these switches of the simulator. It has to turn each of them; afterwards all are
 * as they were.
 */
export const whenSwitched = (names: readonly SwitchName[], does: string, act: () => Promise<void>): void =>
  it(`${names.join(', ')}: ${does}`, async () => {
    await system().simulator('DELETE', '/switches');
    turned.clear();
    try {
      await act();
    } finally {
      await system().simulator('DELETE', '/switches');
    }
    expect([...turned]).toEqual(expect.arrayContaining([...names]));
  });

export type Provisioned = { runner_id: string; runner_name: string; encoded_jit_config: string };
export type Shown = {
  state: string;
  status: string;
  github_runner_id?: number;
  deletion_reason?: string;
  timeline: { type: string; summary: string }[];
};

let serial = 0;
export const uniqueName = (prefix = 'switched'): string => {
  serial += 1;
  return `${prefix}-${serial}`;
};

export const tryToProvision = (runner_name = uniqueName(), labels: string[] = []) =>
  system().call('POST', '/api/v1/runners/jit', { body: { runner_name, labels } });

export const provision = async (runner_name = uniqueName(), labels: string[] = []): Promise<Provisioned> => {
  const { status, body } = await tryToProvision(runner_name, labels);
  expect({ status, code: body.code }).toEqual({ status: 201, code: undefined });
  return body as Provisioned;
};

/** Provisions as soon as GitHub is asked again: after a limit the service waits as long as GitHub said. */
export const provisionAgain = () =>
  until('provisioning works again', async () => {
    const { status } = await tryToProvision();
    return status === 201 ? true : undefined;
  });

export const show = async (reference: string): Promise<Shown> =>
  (await system().call<Shown>('GET', `/api/v1/runners/${reference}`)).body;

export const untilState = (reference: string, state: string): Promise<Shown> =>
  until(`${reference} is ${state}`, async () => {
    const shown = await show(reference);
    return shown.state === state ? shown : undefined;
  });

export type GitHubRunner = { id: number; name: string; status: string; busy: boolean };
export type SimulatorState = {
  runners: GitHubRunner[];
  calls: Record<string, { total: number; by_status: Record<string, number> }>;
};

export const atGitHub = () => system().simulator<SimulatorState>('GET', '/state');

export const runnerAtGitHub = async (name: string): Promise<GitHubRunner | undefined> =>
  (await atGitHub()).runners.find((runner) => runner.name === name);

/** Resolves when GitHub has been asked for its whole list so many times more. */
export const untilListedAgain = async (times = 2): Promise<void> => {
  const listed = async () =>
    (await atGitHub()).calls['actions/list-self-hosted-runners-for-org']?.by_status ?? {};
  const count = (by: Record<string, number>) => (by[200] ?? 0) + (by[304] ?? 0);
  const before = count(await listed());
  await until('GitHub is asked for its list', async () =>
    count(await listed()) >= before + times ? true : undefined,
  );
};
