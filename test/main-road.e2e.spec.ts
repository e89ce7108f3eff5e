import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDemoRunner } from './support/demo-runner.js';
import { filesWith } from './support/files-with.js';
import { type System, startSystem, until } from './support/system.js';

type Provisioned = { runner_id: string; runner_name: string; encoded_jit_config: string; labels: string[] };
type Shown = {
  state: string;
  status: string;
  deletion_reason?: string;
  timeline: { type: string; at: string }[];
};

let system: System;
const secrets: string[] = [];

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const provision = async (labels = ['gpu', 'ubuntu-22.04']): Promise<Provisioned> => {
  const { status, body } = await system.call<Provisioned>('POST', '/api/v1/runners/jit', {
    body: { runner_name_prefix: 'road', labels },
  });
  expect(status).toBe(201);
  secrets.push(body.encoded_jit_config);
  return body;
};

const show = async (runnerId: string) =>
  (await system.call<Shown>('GET', `/api/v1/runners/${runnerId}`)).body;

describe('the main road', () => {
  it('the printed curl answers with a JIT config', async () => {
    const [, curl = ''] = /^\s*(curl -sS -X POST .*)$/m.exec(system.output()) ?? [];
    const { stdout } = await promisify(execFile)('bash', ['-c', curl]);
    const body = JSON.parse(stdout) as Provisioned;
    expect(body.labels.slice(0, 3)).toEqual(['self-hosted', 'linux', 'x64']);
    secrets.push(body.encoded_jit_config);
  });

  it('a runner started with exactly that config comes online, takes a job, finishes and is gone', async () => {
    const { runner_id: runnerId, encoded_jit_config: jitConfig, runner_name: name } = await provision();
    const { code, output } = await runDemoRunner(jitConfig);
    expect({ code, output }).toMatchObject({ code: 0 });
    const gone = await until('the runner is deleted', async () => {
      const runner = await show(runnerId);
      return runner.state === 'deleted' && runner.timeline.at(-1)?.type === 'deleted' ? runner : undefined;
    });

    expect(gone.deletion_reason).toBe('job-completed');
    expect(gone.timeline.map(({ type }) => type).filter((type) => type !== 'job_queued')).toEqual([
      'provision_jit',
      'online',
      'job_started',
      'job_completed',
      'deleted',
    ]);
    const logs = await system.call<{ logs: { event_type: string; runner_name: string }[] }>(
      'GET',
      `/api/v1/audit-logs?runner_id=${runnerId}`,
    );
    expect(logs.body.logs.map(({ event_type }) => event_type)).toEqual(
      expect.arrayContaining(['provision_jit', 'online', 'job_started', 'job_completed', 'deleted']),
    );
    expect(logs.body.logs.every(({ runner_name }) => runner_name === name)).toBe(true);
  });

  it('GitHub is asked once per provision', async () => {
    await provision();
    const before = await callsOtherThanPolling(system);
    for (let times = 0; times < 5; times++) await provision();
    const after = await callsOtherThanPolling(system);
    expect(after - before).toBe(5);
  });

  it('deletes, refreshes and lists by name', async () => {
    const { runner_id: runnerId, runner_name: name } = await provision();
    expect((await system.call('POST', `/api/v1/runners/${name}/refresh`)).body).toMatchObject({
      state: 'pending',
    });
    expect((await system.call('DELETE', `/api/v1/runners/${name}`)).status).toBe(200);
    expect(await show(runnerId)).toMatchObject({ state: 'deleted', deletion_reason: 'deprovisioned' });
    const again = await system.call('DELETE', `/api/v1/runners/${name}`);
    expect({ status: again.status, code: again.body.code }).toEqual({ status: 409, code: 'already-deleted' });
    const list = await system.call<{ runners: { runner_name: string }[] }>(
      'GET',
      `/api/v1/runners?q=${name}`,
    );
    expect(list.body.runners).toEqual([]);
  });

  it('fresh registration tokens are handed out for the same runner, by id and by name', async () => {
    type Tokens = { registration_token: string; removal_token: string; expires_at: string };
    const body = { runner_name: 'road-static', ephemeral: false };
    const { body: given } = await system.call<Provisioned & Tokens>('POST', '/api/v1/runners/provision', {
      body,
    });
    const tokens = [given.registration_token];
    for (const reference of [given.runner_id, given.runner_name]) {
      const path = `/api/v1/runners/${reference}/registration-token`;
      const { status, headers, body: fresh } = await system.call<Tokens>('POST', path);
      expect({ status, cache: headers.get('cache-control') }).toEqual({ status: 200, cache: 'no-store' });
      expect(Date.parse(fresh.expires_at)).toBeGreaterThan(Date.now());
      tokens.push(fresh.registration_token, fresh.removal_token);
    }
    expect(new Set(tokens).size).toBe(5);
    secrets.push(...tokens);
    const shown = await until('the timeline shows all three', async () => {
      const runner = await show(given.runner_id);
      return runner.timeline.length >= 3 ? runner : undefined;
    });
    expect(shown.timeline.map(({ type }) => type)).toEqual(['provision', 'provision', 'provision']);
    const jit = await provision();
    const refused = await system.call('POST', `/api/v1/runners/${jit.runner_id}/registration-token`);
    expect({ status: refused.status, code: refused.body.code }).toEqual({
      status: 422,
      code: 'request-invalid',
    });
  });

  it('one request id is found in the answer, the audit log and the problem', async () => {
    const { body } = await system.call('POST', '/api/v1/runners/jit', { body: { runner_name: 'bad name' } });
    expect(body).toMatchObject({ code: 'request-invalid', request_id: expect.any(String) });
  });

  it('no secret is in any event, table or log line', () => {
    const tokens = [system.development.token, system.development.admin_token];
    const ours = filesWith(
      system.dataDir,
      [...secrets, ...tokens],
      /^(simulator\.db|secrets|run\/dev\.json)/,
    );
    expect(secrets.length).toBeGreaterThan(3);
    expect(ours).toEqual([]);
  });
});

/** Calls of the GitHub API so far, without those that only look. */
const callsOtherThanPolling = async (running: System): Promise<number> => {
  const { calls } = await running.simulator<{ calls: Record<string, { total: number }> }>('GET', '/state');
  return Object.entries(calls)
    .filter(([operation]) => !/\/(list|get)-/.test(operation))
    .reduce((sum, [, { total }]) => sum + total, 0);
};
