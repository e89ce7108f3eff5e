import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const RUNNER = join(import.meta.dirname, '../../dist/test/simulator/src/runner/main.js');

/** A simulated runner as a process of its own. */
export type DemoRunner = {
  /** All that was printed so far. */
  output(): string;
  /** Resolves once it has printed this text. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
};

const running = new Set<ChildProcess>();

/** @param args like those of `npm run demo:runner`: a JIT config, or what `config.sh` takes */
export const startDemoRunner = (...args: string[]): DemoRunner => {
  const child = spawn(process.execPath, [RUNNER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const check of heard) check();
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return {
    output: () => output,
    says: (text) =>
      new Promise((resolve, reject) => {
        const check = () => output.includes(text) && resolve();
        heard.add(check);
        check();
        ended.then((code) => reject(new Error(`the runner ended with ${code}:\n${output}`)));
      }),
    kill: (signal) => child.kill(signal),
    ended,
  };
};

/** Ends what a failed test left behind. */
export const killDemoRunners = (): void => {
  for (const child of running) child.kill('SIGKILL');
};

/** Starts a simulated runner with nothing but its JIT config; resolves with its exit code and what it printed. */
export const runDemoRunner = async (jitConfig: string): Promise<{ code: number | null; output: string }> => {
  const { ended, output } = startDemoRunner('--queue-job', jitConfig);
  return { code: await ended, output: output() };
};
