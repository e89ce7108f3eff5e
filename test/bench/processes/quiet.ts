import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSecondsOf, type WatchedProcess } from './watched-process.js';

const LOOK_EVERY_MS = 500;
/** Of one core, all together: timers and health checks never end. */
const QUIET_BELOW = 0.12;

/** What is measured next is not to pay for what came before: waits until the processes have worked it off. */
export const untilQuiet = async (
  processes: readonly WatchedProcess[],
  { withinMs = 20_000 }: { withinMs?: number } = {},
): Promise<void> => {
  const total = () => processes.reduce((sum, process) => sum + (cpuSecondsOf(process) ?? 0), 0);
  const giveUpAt = Date.now() + withinMs;
  for (let before = total(); Date.now() < giveUpAt; ) {
    await sleep(LOOK_EVERY_MS);
    const now = total();
    if ((now - before) / (LOOK_EVERY_MS / 1000) < QUIET_BELOW) return;
    before = now;
  }
};
