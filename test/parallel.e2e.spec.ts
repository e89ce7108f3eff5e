import { afterEach, describe, expect, it } from '@jest/globals';
import { type System, startSystem } from './support/system.js';

let system: System | undefined;
afterEach(() => system?.stop());

const tally = (codes: readonly (string | number)[]) =>
  Object.fromEntries(
    [...new Set(codes)].map((code) => [code, codes.filter((other) => other === code).length]),
  );

const provision = async (running: System) => {
  const { status, body } = await running.call('POST', '/api/v1/runners/jit', {
    body: { runner_name_prefix: 'many' },
  });
  return status === 201 ? 201 : `${status} ${body.code}`;
};

describe('many at once', () => {
  it('500 provisions at 150 ms GitHub latency all succeed, and the gateway stays responsive', async () => {
    system = await startSystem();
    const running = system;
    await running.simulator('PATCH', '/switches', { latency_ms: 150 });
    let slowest = 0;
    let watching = true;
    const watch = (async () => {
      while (watching) {
        const startedAt = performance.now();
        await fetch(`${running.url}/health/live`);
        slowest = Math.max(slowest, performance.now() - startedAt);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => provision(running)));
    watching = false;
    await watch;
    expect(tally(outcomes)).toEqual({ 201: 500 });
    // the figure that is promised is measured outside of the tests; this catches a gateway that stands still
    expect(slowest).toBeLessThan(10_000);
  });

  it('20 provisions for a team with max_runners 3: exactly 3 succeed; deleting one lets one more in', async () => {
    system = await startSystem({ DEVELOPMENT_TEAM_MAX_RUNNERS: '3' });
    const running = system;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => provision(running)));
    expect(tally(outcomes)).toEqual({ 201: 3, '429 runner-quota-reached': 17 });

    const { body } = await running.call<{ runners: { runner_id: string }[] }>('GET', '/api/v1/runners');
    await running.call('DELETE', `/api/v1/runners/${body.runners[0]?.runner_id}`);
    const more = await Promise.all(Array.from({ length: 5 }, () => provision(running)));
    expect(tally(more)).toEqual({ 201: 1, '429 runner-quota-reached': 4 });
  });
});
