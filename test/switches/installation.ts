import { describe, expect } from '@jest/globals';
import { startDemoRunner } from '../support/demo-runner.js';
import {
  type Provisioned,
  provision,
  provisionAgain,
  runnerAtGitHub,
  show,
  system,
  tryToProvision,
  turn,
  untilListedAgain,
  untilState,
  whenSwitched,
} from './switchboard.js';

/** Lets a runner come online and be listed, and takes it away again. */
const comesAndGoes = async ({ runner_id, runner_name, encoded_jit_config }: Provisioned) => {
  const runner = startDemoRunner(encoded_jit_config);
  await untilState(runner_id, 'idle');
  await untilListedAgain();
  const shown = await show(runner_id);
  expect(shown).toMatchObject({ state: 'idle' });
  expect(shown.timeline.map(({ type }) => type)).not.toContain('label_drift');
  expect((await system().call('DELETE', `/api/v1/runners/${runner_name}`)).status).toBe(200);
  expect(await runner.ended).toBe(1);
};

export const installation = () =>
  describe('the installation', () => {
    whenSwitched(
      ['installation_suspended'],
      'refused while suspended, everything works again afterwards',
      async () => {
        await turn({ installation_suspended: true });
        expect(await tryToProvision()).toMatchObject({ status: 502, body: { code: 'github-refused' } });
        await turn({ installation_suspended: false });
        await provisionAgain();
      },
    );

    whenSwitched(
      ['token_format', 'clock_skew_seconds'],
      'tokens of either form are renewed, whatever time it is at GitHub',
      async () => {
        // An hour ahead all tokens have expired; then the next ones are minted by a clock that is behind.
        await turn({ token_format: 'stateless', clock_skew_seconds: 3700 });
        await tryToProvision();
        await turn({ clock_skew_seconds: -900 });
        await provisionAgain();
        const { calls } = await system().simulator<{ calls: Record<string, { total: number }> }>(
          'GET',
          '/state',
        );
        expect(calls['apps/create-installation-access-token']?.total).toBeGreaterThan(2);
      },
    );

    whenSwitched(['eventual_delete_ms'], 'a deleted runner that is still listed stays deleted', async () => {
      await turn({ eventual_delete_ms: 60_000 });
      const { runner_id, runner_name } = await provision();
      expect((await system().call('DELETE', `/api/v1/runners/${runner_name}`)).status).toBe(200);
      expect(await runnerAtGitHub(runner_name)).toBeUndefined();
      await untilListedAgain();
      const { state, timeline } = await show(runner_id);
      expect(state).toBe('deleted');
      expect(timeline.filter(({ type }) => type === 'deleted')).toHaveLength(1);
      await provision(runner_name);
    });

    whenSwitched(['implicit_labels'], 'labels GitHub adds by itself are no drift', async () => {
      await turn({ implicit_labels: ['Self-Hosted', 'Linux', 'X64'] });
      await comesAndGoes(await provision(undefined, ['windows', 'arm64']));
    });

    whenSwitched(['label_type'], 'how GitHub marks labels does not matter', async () => {
      await turn({ label_type: 'read-only' });
      const one = await provision(undefined, ['gpu']);
      await turn({ label_type: 'custom' });
      const other = await provision(undefined, ['gpu']);
      await Promise.all([comesAndGoes(one), comesAndGoes(other)]);
    });

    whenSwitched(
      ['flavour'],
      'an Enterprise Server lists its runners below another path, fifteen pages of strangers first',
      async () => {
        await turn({ flavour: 'ghes' });
        await system().simulator('POST', '/runners', { count: 1500, name_prefix: 'foreign' });
        await comesAndGoes(await provision());
      },
    );
  });
