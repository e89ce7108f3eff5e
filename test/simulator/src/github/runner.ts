import type { JsonWebKey } from 'node:crypto';

export interface RunnerLabel {
  id: number;
  name: string;
  type: 'read-only' | 'custom';
}

/** A self-hosted runner as GitHub keeps it: what REST shows, and what the runner service needs to know. */
export interface Runner {
  id: number;
  name: string;
  /** `unknown` until the runner has connected; then `linux`, `macos` or `windows`. */
  os: string;
  status: 'online' | 'offline';
  busy: boolean;
  ephemeral: boolean;
  /** Of the runner program; absent until it has connected. */
  version?: string;
  runner_group_id: number;
  labels: RunnerLabel[];
  /** Public half of the key that proves the runner to the token service; absent for runners made up by a test. */
  credentials?: { clientId: string; publicKey: JsonWebKey };
  /** Milliseconds since 1970 on GitHub's clock; null while online. */
  offlineSince: number | null;
  /** Milliseconds since 1970 on GitHub's clock; null while offline. */
  onlineSince: number | null;
}

/** The runner object of the REST API. */
export const toRunnerObject = (runner: Runner) => ({
  id: runner.id,
  name: runner.name,
  os: runner.os,
  status: runner.status,
  busy: runner.busy,
  ephemeral: runner.ephemeral,
  ...(runner.version === undefined ? {} : { version: runner.version }),
  runner_group_id: runner.runner_group_id,
  labels: runner.labels,
});
