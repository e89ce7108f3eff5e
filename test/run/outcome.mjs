/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Outcome
 * @typedef {{ name: string, status: string, assertionResults: readonly { status: string }[] }} FileResult
 * @typedef {{ testResults: readonly FileResult[] }} JestReport the part of jest's `--json` that is counted
 */

/** @param {JestReport} report @returns {Outcome} */
export const outcomeOf = ({ testResults }) => total(testResults.map(outcomeOfFile));

/**
 * A spec file that could not even be loaded counts as one failure: it holds tests that nobody has seen pass.
 * @param {FileResult} file
 * @returns {Outcome}
 */
const outcomeOfFile = ({ status, assertionResults }) => {
  const count = (/** @type {readonly string[]} */ wanted) =>
    assertionResults.filter((test) => wanted.includes(test.status)).length;
  const failed = count(['failed']);
  return {
    passed: count(['passed']),
    failed: failed === 0 && status === 'failed' ? 1 : failed,
    skipped: count(['pending', 'skipped', 'disabled', 'todo']),
  };
};

/** The spec files that hold a failure, or could not be loaded. @param {JestReport} report @returns {string[]} */
export const failedFiles = ({ testResults }) =>
  testResults.filter((file) => outcomeOfFile(file).failed > 0).map(({ name }) => name);

/** @param {readonly Outcome[]} outcomes @returns {Outcome} */
export const total = (outcomes) => ({
  passed: sum(outcomes.map(({ passed }) => passed)),
  failed: sum(outcomes.map(({ failed }) => failed)),
  skipped: sum(outcomes.map(({ skipped }) => skipped)),
});

const sum = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a + b, 0);

/** @param {Outcome} outcome */
export const lineOf = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Nothing run proves nothing. @param {Outcome} outcome */
export const isGood = ({ passed, failed }) => failed === 0 && passed > 0;
