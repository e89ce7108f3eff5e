import { setTimeout as delay } from 'node:timers/promises';
import type { DataDirectory } from '../state/data-directory.js';
import { processIdentity } from './process-identity.js';

const gracePeriodMs = 5_000;

/** What this start runs, kept on disk for the next one in case this one is killed. */
export class ProcessRecord {
  private readonly running = new Map<string, string>();

  constructor(private readonly data: DataDirectory) {}

  started(name: string, pid: number): void {
    const identity = processIdentity(pid);
    if (identity !== undefined) this.running.set(name, identity);
    this.save();
  }

  ended(name: string): void {
    this.running.delete(name);
    this.save();
  }

  private save(): void {
    this.data.writeJson(this.data.in('processes.json'), Object.fromEntries(this.running));
  }
}

/** Ends what a launcher that was killed left running; processes that only got the same pid are left alone. */
export async function endLeftovers(data: DataDirectory): Promise<string[]> {
  const recorded = Object.entries(data.readJson(data.in('processes.json')) ?? {});
  const left = recorded.filter(([, identity]) => isRunning(identity));
  await Promise.all(left.map(([, identity]) => end(String(identity))));
  return left.map(([name]) => name);
}

const pidOf = (identity: string) => Number.parseInt(identity, 10);

const isRunning = (identity: unknown) =>
  typeof identity === 'string' && processIdentity(pidOf(identity)) === identity;

async function end(identity: string): Promise<void> {
  process.kill(pidOf(identity), 'SIGTERM');
  const deadline = Date.now() + gracePeriodMs;
  while (isRunning(identity)) {
    if (Date.now() > deadline) process.kill(pidOf(identity), 'SIGKILL');
    await delay(50);
  }
}
