import { describe, expect, it } from '@jest/globals';
import { startDemoRunner } from '../support/demo-runner.js';
import { until } from '../support/system.js';
import {
  runnerAtGitHub,
  show,
  system,
  uniqueName,
  untilListedAgain,
  untilState,
} from '../switches/switchboard.js';
import { securityEvents } from './drifting.js';

type Token = { runner_id: string; runner_name: string; github_url: string; registration_token: string };

const withToken = async (label: string): Promise<Token> => {
  const { status, body } = await system().call<Token>('POST', '/api/v1/runners/provision', {
    body: { runner_name: uniqueName('static'), labels: [label], ephemeral: false },
  });
  expect(status).toBe(201);
  return body;
};

const register = ({ github_url, registration_token }: Token, name: string, labels: string) =>
  startDemoRunner('--url', github_url, '--token', registration_token, '--name', name, '--labels', labels);

export const registrationTokens = () =>
  describe('a registration token', () => {
    it('is good for one machine: another one with its labels is removed, the first one stays', async () => {
      const label = uniqueName('token');
      const token = await withToken(label);
      const meant = register(token, token.runner_name, label);
      await untilState(token.runner_id, 'idle');
      await untilListedAgain();
      const surplus = uniqueName('surplus');
      const extra = register(token, surplus, label);
      await extra.says('Listening');
      const [event] = await until('the alarm', async () => {
        const events = await securityEvents(token.runner_id);
        return events.length > 0 ? events : undefined;
      });
      expect(event).toMatchObject({
        event_type: 'surplus_machine',
        severity: 'high',
        action_taken: 'removal',
        violation_data: { surplus_name: surplus },
      });
      await until('it is gone', async () =>
        (await runnerAtGitHub(surplus)) === undefined ? true : undefined,
      );
      expect((await show(token.runner_id)).state).toBe('idle');
      expect(await runnerAtGitHub(token.runner_name)).toBeDefined();
      meant.kill('SIGKILL');
      extra.kill('SIGKILL');
    }, 120_000);

    it('used with other labels than were asked for is drift', async () => {
      const label = uniqueName('token');
      const token = await withToken(label);
      const runner = register(token, token.runner_name, `${label},production`);
      const { deletion_reason } = await untilState(token.runner_id, 'deleted');
      expect(deletion_reason).toBe('label-drift');
      expect(await securityEvents(token.runner_id)).toMatchObject([
        { event_type: 'label_drift', violation_data: { unexpected: ['production'] } },
      ]);
      expect(await runnerAtGitHub(token.runner_name)).toBeUndefined();
      runner.kill('SIGKILL');
    }, 120_000);
  });
