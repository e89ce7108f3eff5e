import { z } from 'zod';
import { unavailableAfter } from './answer-refusal.js';
import { withDeadline } from './deadline.js';
import type { CallPriority, GithubRunner, RunnerListing } from './github.port.js';
import { type GithubAnswer, headerOf } from './github-answer.js';
import { type Installation, promised } from './installation.js';
import type { PageCache } from './page-cache.js';
import { readRunnerPage } from './runner-answers.js';

/** GitHub's maximum. */
const perPage = 100;
/** A large fleet is a hundred pages: not one after another, and not all at once. */
const pagesAtATime = 8;

export type ListDependencies = {
  installation: Installation;
  pages: PageCache;
  org: string;
  /** Where the organisation's runners are listed; with the page it is the key in the cache. */
  listUrl: string;
  /** Per page. */
  timeoutMs: number;
};

/**
 * Reads every page, or fails. A page that has not changed since it was last read (304) comes from the cache and does
 * not count against the hourly budget.
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export const listRunners = async (priority: CallPriority, deps: ListDependencies): Promise<RunnerListing> => {
  const stop = new AbortController();
  const read = (number: number) => readPage(number, priority, stop.signal, deps);
  try {
    const first = await read(1);
    const rest = await inTurns(numbersFrom(2, Math.ceil(first.totalCount / perPage)), read);
    const pages = [first, ...rest];
    // runners may have joined in the meantime
    for (let last = pages.at(-1); last?.more; last = pages.at(-1)) pages.push(await read(pages.length + 1));
    return {
      runners: distinct(pages.flatMap(({ runners }) => runners)),
      countedRequests: pages.filter(({ fromCache }) => !fromCache).length,
    };
  } finally {
    stop.abort();
  }
};

const pageSchema = z.object({
  totalCount: z.number(),
  more: z.boolean(),
  runners: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      os: z.string(),
      status: z.enum(['online', 'offline']),
      busy: z.boolean(),
      labels: z.array(z.string()),
      ephemeral: z.boolean().exactOptional(),
      runnerGroupId: z.number().exactOptional(),
    }),
  ),
});

/** `more`: GitHub has a page after this one. */
type Page = { totalCount: number; more: boolean; runners: GithubRunner[] };

const readPage = async (
  number: number,
  priority: CallPriority,
  stop: AbortSignal,
  { installation, pages, org, listUrl, timeoutMs }: ListDependencies,
): Promise<Page & { fromCache: boolean }> => {
  const key = `${listUrl}?per_page=${perPage}&page=${number}`;
  const cached = await pages.get(key);
  const known = cached && pageFrom(cached.body);
  const answer = await withDeadline(
    timeoutMs,
    (deadline) =>
      installation.ask(
        {
          operation: 'listRunners',
          method: 'GET',
          path: '/orgs/{org}/actions/runners',
          parameters: { org, per_page: perPage, page: number },
          ...(known ? { headers: { 'if-none-match': cached.etag } } : {}),
          priority,
        },
        deadline,
      ),
    stop,
  );
  if (known && answer.status === 304) return { ...known, fromCache: true };

  const page = fullPage(answer);
  const etag = headerOf(answer, 'etag');
  if (etag !== undefined) await pages.set(key, { etag, body: JSON.stringify(page) });
  return { ...page, fromCache: false };
};

/** A page that says of itself that more runners follow and is not full has lost some. */
const fullPage = (answer: GithubAnswer): Page => {
  const { totalCount, runners } = promised(answer, readRunnerPage);
  const more = /rel="?next"?/.test(headerOf(answer, 'link') ?? '');
  if (more && runners.length < perPage) throw unavailableAfter(answer, undefined);
  return { totalCount, more, runners };
};

/** What was kept by another version of this code, or damaged, is not used. */
const pageFrom = (body: string): Page | undefined => {
  try {
    return pageSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
};

const numbersFrom = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

const inTurns = async <In, Out>(inputs: readonly In[], work: (input: In) => Promise<Out>): Promise<Out[]> => {
  const outputs = new Map<In, Out>();
  const waiting = inputs.values();
  const takeTurns = async () => {
    // all share one iterator: each takes the next that nobody has taken
    for (const input of waiting) outputs.set(input, await work(input));
  };
  await Promise.all(Array.from({ length: pagesAtATime }, takeTurns));
  return inputs.flatMap((input) => outputs.get(input) ?? []);
};

/** While pages are read, runners move between them: the later sight of a runner counts. */
const distinct = (runners: readonly GithubRunner[]): GithubRunner[] => [
  ...new Map(runners.map((runner) => [runner.id, runner])).values(),
];
