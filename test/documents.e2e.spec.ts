import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type System, startSystem } from './support/system.js';

let system: System;
beforeAll(async () => {
  system = await startSystem({ ENABLE_OIDC_AUTH: 'false' });
});
afterAll(() => system?.stop());

/** Runs a call as the usage examples print it; only the address differs. */
const shell = async (script: string): Promise<Record<string, unknown>> => {
  const { stdout } = await promisify(execFile)('bash', [
    '-c',
    script.replaceAll('http://localhost:8000', system.url).replaceAll(' | jq .', ''),
  ]);
  return JSON.parse(stdout) as Record<string, unknown>;
};

describe("the usage examples' own calls, with authentication switched off", () => {
  it('provision with a registration token, dots in labels included', async () => {
    const answer = await shell(`OIDC_TOKEN="your-oidc-token-here"
curl -s -X POST http://localhost:8000/api/v1/runners/provision \\
  -H "Authorization: Bearer $OIDC_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{
    "runner_name": "gpu-worker-001",
    "labels": ["gpu", "ubuntu-22.04", "cuda-11.8"],
    "ephemeral": true
  }' | jq .`);
    expect(answer).toMatchObject({
      runner_name: 'gpu-worker-001',
      runner_group_id: 1,
      ephemeral: true,
      labels: ['gpu', 'ubuntu-22.04', 'cuda-11.8'],
    });
    expect(answer.configuration_command).toMatch(
      /^\.\/config\.sh --url \S+ --token \S+ --name gpu-worker-001 --labels gpu,ubuntu-22\.04,cuda-11\.8 --unattended --ephemeral$/,
    );
  });

  it('provision the same name again: a fresh token for the same runner', async () => {
    const token = await shell(`curl -s -X POST http://localhost:8000/api/v1/runners/provision \\
  -H "Content-Type: application/json" \\
  -d '{
    "runner_name": "gpu-worker-001",
    "labels": ["gpu"],
    "ephemeral": true
  }'`);
    expect(token.registration_token).toEqual(expect.any(String));
  });

  it('provision with a JIT config', async () => {
    const answer = await shell(`curl -s -X POST http://localhost:8000/api/v1/runners/jit \\
  -H "Content-Type: application/json" \\
  -d '{
    "runner_name": "secure-worker-001",
    "labels": ["gpu", "ubuntu-22.04"],
    "runner_group_id": 1,
    "work_folder": "_work"
  }' | jq .`);
    expect(answer).toMatchObject({
      runner_name: 'secure-worker-001',
      labels: ['self-hosted', 'linux', 'x64', 'gpu', 'ubuntu-22.04'],
    });
    expect(answer.run_command).toBe(`./run.sh --jitconfig ${answer.encoded_jit_config}`);
  });

  it('provision by name prefix', async () => {
    const answer = await shell(`curl -s -X POST http://localhost:8000/api/v1/runners/jit \\
  -H "Content-Type: application/json" \\
  -d '{
    "runner_name_prefix": "podman-runner",
    "labels": ["podman", "linux"]
  }'`);
    expect(answer.runner_name).toMatch(/^podman-runner-[a-z0-9]{6}$/);
    expect(answer.labels).toEqual(['self-hosted', 'linux', 'x64', 'podman']);
  });

  it('list, get by name, refresh, delete', async () => {
    const list = await shell('curl -s http://localhost:8000/api/v1/runners | jq .');
    expect(list.total).toBe(3);
    const runner = await shell('curl -s http://localhost:8000/api/v1/runners/secure-worker-001 | jq .');
    expect(runner).toMatchObject({ status: 'pending', provisioned_by: 'dev@localhost', team_name: 'dev' });
    const runnerId = runner.runner_id as string;
    const refreshed = await shell(`RUNNER_ID="${runnerId}"
curl -s -X POST http://localhost:8000/api/v1/runners/$RUNNER_ID/refresh | jq .`);
    expect(refreshed.runner_id).toBe(runnerId);
    const deleted = await shell(`RUNNER_ID="${runnerId}"
curl -s -X DELETE http://localhost:8000/api/v1/runners/$RUNNER_ID | jq .`);
    expect(deleted).toMatchObject({ runner_id: runnerId, success: true });
  });

  it('whoever is refused finds out at the address in the answer what to do', async () => {
    const { status, body } = await system.call('GET', '/api/v1/runners/nobody-has-this-name');
    expect(status).toBe(404);
    expect(body.type).toMatch(/\/problems\/runner-unknown$/);
    const page = await fetch(system.url + new URL(String(body.type)).pathname);
    expect(await page.text()).toContain('**What to do.**');
  });
});
