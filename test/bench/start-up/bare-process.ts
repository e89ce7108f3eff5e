import { spawn } from 'node:child_process';

/** Starts Node with nothing to do, some of them at once, and waits for the last to end. Milliseconds. */
export const bareProcesses = async (count: number): Promise<number> => {
  const startedAt = performance.now();
  await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<void>((resolve, reject) => {
          const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
          child.once('exit', () => resolve());
          child.once('error', reject);
        }),
    ),
  );
  return performance.now() - startedAt;
};
