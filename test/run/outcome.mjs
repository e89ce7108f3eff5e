/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Outcome
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numRuntimeErrorTestSuites: number }} JestReport the part of jest's `--json` that is counted
 */

/**
 * A spec file that could not even be loaded counts as one failure: it holds tests that nobody has seen pass.
 * @param {JestReport} report
 * @returns {Outcome}
 */
export const outcomeOf = (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
  skipped: report.numPendingTests + report.numTodoTests,
});

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
