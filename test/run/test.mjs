/** `npm test`: does the set-up, runs every test, and ends with one line that counts. Arguments go to jest. */
import { prepare } from '../../deploy/local/setup/prepare.mjs';
import { runScript, say } from '../../deploy/local/setup/project.mjs';
import { runJest } from './jest-run.mjs';
import { findOptionalPrograms } from './optional-programs.mjs';
import { isGood, lineOf, total } from './outcome.mjs';

/**
 * The whole system has the machine for itself: its tests watch the clock. The others start servers of their own while
 * the rest of a small machine is busy, which may take its time without being wrong.
 */
const runs = [
  ['--selectProjects', 'unit', 'int', '--maxWorkers=2', '--testTimeout=20000'],
  ['--selectProjects', 'e2e', '--runInBand'],
];

await runScript(async () => {
  const { node, env } = await prepare({ natsServer: true });
  const prepared = { node, env: { ...env, ...(await findOptionalPrograms()) } };
  const outcomes = [];
  for (const run of runs) outcomes.push(await runJest(prepared, [...run, ...process.argv.slice(2)]));
  const outcome = total(outcomes);
  if (outcome.passed + outcome.failed === 0) say('No test ran: failed.');
  console.log(lineOf(outcome));
  return isGood(outcome) ? 0 : 1;
});
