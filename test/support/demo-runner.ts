import { spawn } from 'node:child_process';
import { join } from 'node:path';

const RUNNER = join(import.meta.dirname, '../../dist/test/simulator/src/runner/main.js');

/** Starts a simulated runner with nothing but its JIT config; resolves with its exit code and what it printed. */
export const runDemoRunner = (jitConfig: string): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [RUNNER, '--queue-job', jitConfig], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('exit', (code) => resolve({ code, output }));
  });
