import { resolve } from 'node:path';
import { launch } from './launch.js';
import { mainFileIn } from './programs.js';
import { rebuildOnChange } from './rebuild-on-change.js';
import { StartRefused } from './start-refused.js';

const root = resolve(import.meta.dirname, '../../..');
// Whatever this process and its children make is for their owner only.
process.umask(0o077);

const stop = new AbortController();
const warn = (text: string) => {
  process.stderr.write(`${text}\n`);
};
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
// The script that started us holds the other end; it may be killed without a chance to tell us.
process.once('disconnect', () => stop.abort());

try {
  await launch(
    {
      environment: process.env,
      workingDirectory: process.cwd(),
      root,
      mainFile: mainFileIn(root),
      print: (text) => process.stdout.write(`${text}\n`),
      warn,
      ready: (processes) => {
        if (process.argv.includes('--watch')) rebuildOnChange(root, processes, warn, stop.signal);
      },
    },
    stop.signal,
  );
  process.exit(0);
} catch (error) {
  const reasons =
    error instanceof StartRefused ? error.reasons : [String(error instanceof Error ? error.stack : error)];
  for (const reason of reasons) process.stderr.write(`${reason}\n`);
  process.exit(1);
}
