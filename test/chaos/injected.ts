import type { Recorded } from '../simulator/src/recorder.js';
import type { Attempt, GithubState } from './github-side.js';
import type { Witness } from './witness.js';

const counted = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([what, times]) => `${what}: ${times}`)
    .join(', ');

const tally = (words: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(words, (word) => word)].map(([word, { length }]) => [word, length]));

/** What was done to the service, as counts. */
export const injected = (
  witness: Witness,
  attempts: readonly Attempt[],
  records: readonly Recorded[],
  state: GithubState,
): string[] => {
  const ill = records.flatMap((each) =>
    'answered' in each && (each.answered.answer.status >= 500 || isLimited(each.answered.answer.body))
      ? [`${each.answered.operation} ${each.answered.answer.status}`]
      : [],
  );
  const silent = Object.entries(state.calls).flatMap(([operation, { by_status }]) =>
    Array.from({ length: by_status.timeout ?? 0 }, () => `${operation} unanswered`),
  );
  const hooks = new Map([
    ...Object.entries(state.hooks),
    ['delivered', attempts.filter(isTaken).length] as const,
    ['not taken', attempts.filter((attempt) => !isTaken(attempt)).length] as const,
  ]);
  return [
    `done: ${counted(witness.done)}`,
    `GitHub's answers: ${counted(tally([...ill, ...silent]))}`,
    `hooks: ${counted(hooks)}`,
  ];
};

const isTaken = ({ status_code }: Attempt): boolean => status_code >= 200 && status_code < 300;

const isLimited = (body: unknown): boolean => /rate limit/i.test(JSON.stringify(body ?? ''));
