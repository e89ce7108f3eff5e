import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject, root, SetupFault } from '../../deploy/local/setup/project.mjs';
import { runCommand } from '../../deploy/local/setup/run-command.mjs';
import { failedFiles } from './outcome.mjs';

/** A threshold or a broken tear-down fails a run whose tests all passed. */
const BROKEN_RUN = { name: 'the run itself', status: 'failed', assertionResults: [] };

/**
 * Runs jest and shows its output.
 * @param {{ node: string, env: NodeJS.ProcessEnv }} prepared
 * @param {readonly string[]} args of jest
 * @returns {Promise<import('./outcome.mjs').JestReport>}
 */
export async function runJest({ node, env }, args) {
  const folder = mkdtempSync(join(tmpdir(), 'rts-test-'));
  const report = join(folder, 'report.json');
  const options = [...args, '--passWithNoTests', '--json', `--outputFile=${report}`];
  const nodeOptions = [env.NODE_OPTIONS, '--experimental-vm-modules', '--no-warnings']
    .filter(Boolean)
    .join(' ');
  try {
    const { code, interrupted } = await runCommand(
      node,
      [inProject('node_modules/jest/bin/jest.js'), ...options],
      {
        env: { ...env, NODE_OPTIONS: nodeOptions },
        cwd: root,
        stdout: 'ignore',
      },
    );
    if (interrupted) throw new SetupFault('The tests were interrupted.');
    /** @type {import('./outcome.mjs').JestReport} */
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const hasFailed = code !== 0 && failedFiles({ testResults }).length === 0;
    return { testResults: hasFailed ? [...testResults, BROKEN_RUN] : testResults };
  } catch (error) {
    if (error instanceof SetupFault) throw error;
    throw new SetupFault(`jest gave no report: ${error}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
