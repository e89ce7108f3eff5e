import { type ListenOptions, listen } from './src/runner/listen.js';
import type { RunnerSettings } from './src/runner/runner-settings.js';

const interruptions: AbortController[] = [];

/** Starts a runner in this process; `said` grows, `ended` is its exit code. */
export const started = (settings: RunnerSettings, options: Partial<ListenOptions> = {}) => {
  const said: string[] = [];
  const heard = new Set<() => void>();
  const interruption = new AbortController();
  interruptions.push(interruption);
  const ended = listen(settings, {
    say: (line) => {
      said.push(line);
      for (const check of heard) check();
    },
    interrupted: interruption.signal,
    conflict: { forMs: 60, everyMs: 20 },
    renewEveryMs: 1000,
    backoffMs: 20,
    ...options,
  });
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      const check = () => said.some((line) => line.includes(text)) && resolve();
      heard.add(check);
      check();
    });
  ended.catch(() => undefined);
  return { said, says, ended, interrupt: () => interruption.abort() };
};

/** Interrupts every runner that was started here. */
export const interruptRunners = () => {
  for (const interruption of interruptions.splice(0)) interruption.abort();
};
