import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '#libs/testing';
import type { System } from '../support/system.js';
import type { Witness } from './witness.js';

const ISSUE = 'actions/generate-runner-jitconfig-for-org';
const REMOVE = 'actions/delete-self-hosted-runner-from-org';

/** GitHub soon notices that a runner or its machine is gone. */
const PROMPT = {
  runner_service: {
    poll_ms: 2000,
    session_timeout_ms: 5000,
    assignment_timeout_ms: 3000,
    job_lock_ms: 10_000,
  },
};

/** GitHub on an ordinary day of this world. */
const ORDINARY = {
  failures: null,
  latency_ms: null,
  rate_limit: null,
  eventual_delete_ms: 1500,
  hidden_busy_rate: 0.1,
  hooks: { delay_ms: 0, shuffle_ms: 500, duplicate_rate: 0.1, repeat_rate: 0.1, drop_rate: 0.03 },
  ...PROMPT,
};

/** What GitHub does for some seconds at a time. */
const EPISODES: Record<string, object> = {
  'GitHub answers 500': { failures: [{ status: 500, rate: 0.5 }] },
  'GitHub is down': { failures: [{ status: 503, rate: 1 }] },
  'GitHub is silent': { failures: [{ status: 'timeout', rate: 0.15 }] },
  'GitHub is slow': { latency_ms: { all: 1200 } },
  'runners made, answers 502': { failures: [{ operation: ISSUE, status: 502, when: 'after', rate: 0.7 }] },
  'runners made, no answer': {
    failures: [{ operation: ISSUE, status: 'timeout', when: 'after', rate: 0.5 }],
  },
  'runners removed, answers 502': {
    failures: [{ operation: REMOVE, status: 502, when: 'after', rate: 0.7 }],
  },
  'secondary rate limit': {
    failures: [{ status: 'secondary_rate_limit', rate: 0.3, retry_after_seconds: 1 }],
  },
  'primary rate limit': { rate_limit: { limit: 5, window_seconds: 2 } },
  'hooks are lost': { hooks: { ...ORDINARY.hooks, drop_rate: 0.7 } },
  'hooks are late': { hooks: { ...ORDINARY.hooks, delay_ms: 2000, shuffle_ms: 3000 } },
};

/** Until the signal is aborted, GitHub is now ill and now well. */
export const afflict = async (
  { system, random, witness }: { system: System; random: Random; witness: Witness },
  signal: AbortSignal,
): Promise<void> => {
  await system.simulator('PATCH', '/switches', ORDINARY);
  while (!signal.aborted) {
    await rest(1000 + random.below(2500), signal);
    if (signal.aborted) return;
    const [name, patch] = random.oneOf(Object.entries(EPISODES)) ?? [];
    if (name === undefined) return;
    witness.count(name);
    await system.simulator('PATCH', '/switches', patch);
    await rest(1000 + random.below(3000), signal);
    await system.simulator('PATCH', '/switches', ORDINARY);
  }
};

/** GitHub does as it should. */
export const calm = async ({ simulator }: Pick<System, 'simulator'>): Promise<void> => {
  await simulator('DELETE', '/switches');
  await simulator('PATCH', '/switches', PROMPT);
};

const MORTAL = ['gateway', 'provisioner', 'sync', 'audit', 'dashboard', 'event-store', 'nats'] as const;

/** Until the signal is aborted, kills one process after the other, now and then two at once. */
export const kill = async (
  { system, random, witness }: { system: System; random: Random; witness: Witness },
  signal: AbortSignal,
): Promise<void> => {
  const killed = new Set<number>();
  while (!signal.aborted) {
    await rest(3000 + random.below(5000), signal);
    const victims = random.below(4) === 0 ? 2 : 1;
    for (let count = 0; count < victims && !signal.aborted; count++) {
      const app = random.oneOf(MORTAL) ?? 'sync';
      const pid = pidOf(system, app);
      // its successor has not introduced itself yet, and the number may be another process' by now
      if (pid === undefined || killed.has(pid)) continue;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
      witness.count(`kill -9 ${app}`);
    }
  }
};

/** Undefined while it is being started. */
const pidOf = (system: System, app: string): number | undefined => {
  try {
    return system.runFile(app).pid;
  } catch {
    return undefined;
  }
};

const rest = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);
