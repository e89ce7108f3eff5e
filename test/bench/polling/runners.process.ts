import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../../simulator/src/runner/listen.js';
import { unpackJitConfig } from '../../simulator/src/runner/runner-settings.js';
import { answer } from '../processes/worker.js';

/** Provisions so many runners for a job each, starts them and lets them work. */
export type FleetTask = {
  url: string;
  token: string;
  simulatorUrl: string;
  runners: number;
  aliveAtATime: number;
};
export type FleetResult = { runnerIds: readonly string[] };

const LABEL = 'polled-fleet';

answer<FleetTask, FleetResult>(async ({ url, token, simulatorUrl, runners, aliveAtATime }) => {
  const ask = async <Body>(method: string, address: string, body: object): Promise<Body> => {
    const response = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${address} was answered ${response.status}: ${text}`);
    return JSON.parse(text) as Body;
  };
  const live = async (): Promise<string> => {
    const provisioned = await ask<Record<'runner_id' | 'encoded_jit_config', string>>(
      'POST',
      `${url}/api/v1/runners/jit`,
      { runner_name_prefix: 'polled', labels: [LABEL] },
    );
    const code = await listen(unpackJitConfig(provisioned.encoded_jit_config), {
      say: () => undefined,
      interrupted: new AbortController().signal,
      conflict: { forMs: 240_000, everyMs: 30_000 },
      renewEveryMs: 60_000,
      backoffMs: 2_000,
      onOnline: async () => {
        await ask('POST', `${simulatorUrl}/_simulator/jobs`, { labels: [LABEL], duration_ms: 1_000 });
      },
    });
    if (code !== 0) throw new Error(`a runner ended with ${code}`);
    return provisioned.runner_id;
  };
  const runnerIds: string[] = [];
  let begun = 0;
  await Promise.all(
    Array.from({ length: aliveAtATime }, async (_, lane) => {
      await sleep(lane * 20);
      while (begun < runners) {
        begun += 1;
        runnerIds.push(await live());
      }
    }),
  );
  return { runnerIds };
});
