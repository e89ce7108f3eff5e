import { readArguments, usage } from './arguments.js';
import { runScenarios } from './run-scenarios.js';
import { scenarios } from './scenarios.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
// the script that started us may be killed without a chance to tell
process.once('disconnect', () => stop.abort());

try {
  const options = readArguments(
    process.argv.slice(2),
    scenarios.map(({ name }) => name),
  );
  if (options.help) process.stdout.write(`${usage(scenarios)}\n`);
  else {
    const { complete } = await runScenarios(scenarios, options, stop.signal);
    process.exitCode = complete ? 0 : 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
// connections kept alive would hold the process
process.exit();
