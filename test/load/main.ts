import { readArguments } from '../bench/arguments.js';
import { runScenarios } from '../bench/run-scenarios.js';
import { manyTenants } from './many-tenants.scenario.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
// the script that started us may be killed without a chance to tell
process.once('disconnect', () => stop.abort());

// unlike the bench's, these limits are promises whatever the machine: one that is missed is a failure
const { complete, limitsHold } = await runScenarios(
  [manyTenants],
  readArguments(process.argv.slice(2), [manyTenants.name]),
  stop.signal,
);
// connections kept alive would hold the process
process.exit(complete && limitsHold ? 0 : 1);
