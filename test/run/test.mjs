/** `npm test`: does the set-up, runs every test, and ends with one line that counts. Arguments go to jest. */
import { prepare } from '../../deploy/local/setup/prepare.mjs';
import { runScript, say } from '../../deploy/local/setup/project.mjs';
import { runJest } from './jest-run.mjs';
import { findOptionalPrograms } from './optional-programs.mjs';
import { isGood, lineOf, outcomeOf, total } from './outcome.mjs';
import { withSecondLook } from './second-look.mjs';

const ALONE = '--runInBand';

/**
 * The whole system has the machine for itself: its tests watch the clock. The others start servers of their own while
 * the rest of a small machine is busy, which may take its time without being wrong.
 */
const runs = [
  { options: ['--selectProjects', 'unit', 'int', '--testTimeout=20000'], workers: '--maxWorkers=2' },
  { options: ['--selectProjects', 'e2e'], workers: ALONE },
];

await runScript(async () => {
  const { node, env } = await prepare({ natsServer: true });
  const prepared = { node, env: { ...env, ...(await findOptionalPrograms()) } };
  const own = process.argv.slice(2);
  const outcomes = [];
  const unstable = [];
  for (const { options, workers } of runs) {
    const first = await runJest(prepared, [...options, workers, ...own]);
    // whoever names tests wants to see how they fail
    const looked =
      own.length > 0
        ? { outcome: outcomeOf(first), unstable: [] }
        : await withSecondLook(first, (files) => {
            say(`Once more, alone: ${files.join(' ')}`);
            return runJest(prepared, [...options, ALONE, '--runTestsByPath', ...files]);
          });
    outcomes.push(looked.outcome);
    unstable.push(...looked.unstable);
  }
  for (const file of unstable) say(`Failed beside others, passed alone: ${file}`);
  const outcome = total(outcomes);
  if (outcome.passed + outcome.failed === 0) say('No test ran: failed.');
  console.log(lineOf(outcome));
  return isGood(outcome) ? 0 : 1;
});
