import { describe, expect, it } from '@jest/globals';
import { until } from '../support/system.js';
import { runnerAtGitHub, show, turn, untilListedAgain, untilState } from '../switches/switchboard.js';
import { asked, busyRunner, idleRunner, relabel, securityEvents } from './drifting.js';

const DELETION = 'actions/delete-self-hosted-runner-from-org';

export const labelDrift = () =>
  describe('labels changed at GitHub', () => {
    it('an idle runner stays deleting while GitHub refuses, three times, and goes when it agrees', async () => {
      const drifting = await idleRunner();
      const { 503: before = 0 } = await asked(DELETION);
      await turn({ failures: [{ operation: DELETION, status: 503, next: 3 }] });
      await relabel(drifting, [drifting.label, 'production']);
      await untilState(drifting.runner_id, 'deleting');
      const statesMeanwhile = new Set<string>();
      const gone = await until(
        'GitHub agrees',
        async () => {
          const shown = await show(drifting.runner_id);
          if (shown.state === 'deleted') return shown;
          statesMeanwhile.add(shown.state);
          return undefined;
        },
        { withinMs: 60_000 },
      );
      expect([...statesMeanwhile]).toEqual(['deleting']);
      expect(gone.deletion_reason).toBe('label-drift');
      expect(await runnerAtGitHub(drifting.runner_name)).toBeUndefined();
      expect((await asked(DELETION))[503]).toBe(before + 3);
      expect(await securityEvents(drifting.runner_id)).toMatchObject([
        {
          event_type: 'label_drift',
          severity: 'high',
          action_taken: 'removal',
          violation_data: { missing: [], unexpected: ['production'] },
        },
      ]);
    }, 120_000);

    it('a busy runner is one alarm over three cycles, and goes on', async () => {
      const drifting = await busyRunner();
      await relabel(drifting, ['production']);
      await until('the alarm', async () => (await securityEvents(drifting.runner_id))[0]);
      await untilListedAgain(3);
      expect(await securityEvents(drifting.runner_id)).toMatchObject([
        {
          event_type: 'label_drift',
          action_taken: 'removal-when-idle',
          violation_data: { missing: [drifting.label], unexpected: ['production'] },
        },
      ]);
      const { state, timeline } = await show(drifting.runner_id);
      expect(state).toBe('busy');
      expect(timeline.filter(({ type }) => type === 'label_drift')).toHaveLength(1);
      drifting.runner.kill('SIGKILL');
    }, 120_000);

    it('in another case, or with those GitHub adds itself, are no drift', async () => {
      const same = await idleRunner();
      await relabel(same, ['Self-Hosted', 'Linux', 'X64', 'ARM64', same.label.toUpperCase()]);
      await untilListedAgain(3);
      expect(await securityEvents(same.runner_id)).toEqual([]);
      expect((await show(same.runner_id)).state).toBe('idle');
      same.runner.kill('SIGKILL');
    }, 120_000);
  });
