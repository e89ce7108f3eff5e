import { describe, expect, it } from '@jest/globals';
import { startDemoRunner } from '../support/demo-runner.js';
import { until } from '../support/system.js';
import {
  runnerAtGitHub,
  show,
  system,
  turn,
  uniqueName,
  untilListedAgain,
  untilState,
} from '../switches/switchboard.js';
import { securityEvents } from './drifting.js';

type Given = { runner_id: string; runner_name: string; github_url: string; registration_token: string };
type Tokens = { registration_token: string; removal_token: string; expires_at: string; code?: string };

const provisioned = async (label: string): Promise<Given> => {
  const { status, body } = await system().call<Given>('POST', '/api/v1/runners/provision', {
    body: { runner_name: uniqueName('static'), labels: [label], ephemeral: false },
  });
  expect(status).toBe(201);
  return body;
};

const renew = (reference: string) =>
  system().call<Tokens>('POST', `/api/v1/runners/${reference}/registration-token`);
const freshTokens = async (reference: string): Promise<Tokens> => {
  const { status, body } = await renew(reference);
  expect({ status, code: body.code }).toEqual({ status: 200, code: undefined });
  return body;
};

const register = ({ github_url, runner_name }: Given, token: string, label: string, ...more: string[]) =>
  startDemoRunner('--url', github_url, '--token', token, '--name', runner_name, '--labels', label, ...more);

/** What `config.sh remove --token` asks of GitHub. */
const deregister = async ({ github_url, runner_name }: Given, token: string): Promise<number[]> => {
  const { origin, pathname } = new URL(github_url);
  const { id } = (await runnerAtGitHub(runner_name)) ?? { id: 0 };
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `RemoteAuth ${token}`, 'content-type': 'application/json' };
    const { status } = await fetch(`${origin}/api/v3${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return status;
  };
  return [
    await ask('POST', '/actions/runner-registration', { url: github_url, runner_event: 'remove' }),
    await ask('DELETE', `/orgs${pathname}/actions/runners/${id}`),
  ];
};

export const hostsWithFreshTokens = () =>
  describe('a host that asks for fresh tokens', () => {
    it('registers with the second, and deregisters with the removal token of the third', async () => {
      const label = uniqueName('fresh');
      const given = await provisioned(label);
      const { registration_token } = await freshTokens(given.runner_name);
      const runner = register(given, registration_token, label);
      await untilState(given.runner_id, 'idle');

      const { removal_token } = await freshTokens(given.runner_id);
      expect((await untilState(given.runner_id, 'idle')).timeline.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['provision', 'registered', 'online']),
      );
      expect(await deregister(given, registration_token)).toEqual([404, 404]);
      expect(await deregister(given, removal_token)).toEqual([200, 204]);
      expect(await untilState(given.runner_id, 'deleted')).toMatchObject({ deletion_reason: 'vanished' });
      const late = await renew(given.runner_id);
      expect({ status: late.status, code: late.body.code }).toEqual({ status: 409, code: 'already-deleted' });
      runner.kill('SIGKILL');
    }, 120_000);

    it('registers again with --replace: the same runner, known by its new id, not a machine too many', async () => {
      const label = uniqueName('fresh');
      const given = await provisioned(label);
      const lost = register(given, given.registration_token, label);
      const { github_runner_id: before } = await untilState(given.runner_id, 'idle');
      lost.kill('SIGKILL');
      const { registration_token } = await freshTokens(given.runner_id);
      const again = register(given, registration_token, label, '--replace');
      await again.says('Listening');
      await until('it is known by its new id', async () => {
        const { state, github_runner_id } = await show(given.runner_id);
        expect(state).not.toBe('deleted');
        return state === 'idle' && github_runner_id !== before ? true : undefined;
      });
      await untilListedAgain();
      expect(await runnerAtGitHub(given.runner_name)).toMatchObject({ status: 'online' });
      expect((await show(given.runner_id)).state).toBe('idle');
      expect(await securityEvents(given.runner_id)).toEqual([]);
      again.kill('SIGKILL');
    }, 120_000);

    it('gets neither when GitHub refuses one of the two, and both when it asks again', async () => {
      const given = await provisioned(uniqueName('fresh'));
      const operation = 'actions/create-registration-token-for-org';
      await turn({ failures: [{ operation, status: 503, next: 1, when: 'before' }] });
      const refused = await renew(given.runner_id);
      expect({ status: refused.status, code: refused.body.code }).toEqual({
        status: 503,
        code: 'github-unavailable',
      });
      expect(refused.body).not.toHaveProperty('removal_token');
      await freshTokens(given.runner_id);
      const { timeline } = await until('the timeline shows both', async () => {
        const shown = await show(given.runner_id);
        return shown.timeline.length >= 3 ? shown : undefined;
      });
      expect(timeline.map(({ type }) => type)).toEqual(['provision', 'provision_failed', 'provision']);
    }, 120_000);
  });
