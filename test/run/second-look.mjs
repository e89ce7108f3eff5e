import { failedFiles, outcomeOf, total } from './outcome.mjs';

/** @typedef {import('./outcome.mjs').JestReport} JestReport */

/** More than these at once are no accident of a busy machine. */
const MOST_FILES = 3;

/**
 * Real servers on a small, shared machine can stall for seconds. What fails beside everything else gets a second look
 * by itself: it counts as passed when it passes there, and is named, so that it is mended.
 * @param {JestReport} first
 * @param {(files: readonly string[]) => Promise<JestReport>} runAlone
 * @returns {Promise<{ outcome: import('./outcome.mjs').Outcome, unstable: string[] }>}
 */
export async function withSecondLook(first, runAlone) {
  const failed = failedFiles(first);
  if (failed.length === 0 || failed.length > MOST_FILES) return { outcome: outcomeOf(first), unstable: [] };
  const rest = { testResults: first.testResults.filter(({ name }) => !failed.includes(name)) };
  const second = await runAlone(failed);
  const seenAgain = second.testResults.map(({ name }) => name);
  const unseen = first.testResults.filter(({ name }) => failed.includes(name) && !seenAgain.includes(name));
  const failedAgain = failedFiles(second);
  return {
    outcome: total([outcomeOf(rest), outcomeOf(second), outcomeOf({ testResults: unseen })]),
    unstable: seenAgain.filter((name) => !failedAgain.includes(name)),
  };
}
