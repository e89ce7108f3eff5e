import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from '../processes/worker.js';

/** Looks at the list of runners again and again, the last changed ones first, as a person at a screen would. */
export type WatchTask = { url: string; token: string; runners: readonly string[]; withinMs: number };

/** When it could first be seen that a runner is busy, and that it is gone; milliseconds since 1970. */
export type Seen = { runner: string; state: 'busy' | 'deleted'; at: number };

type Row = { runner_name: string; state: string; updated_at: string };

/** Two facts of one append have one time. */
const versionOf = ({ state, updated_at }: Row) => `${state} ${updated_at}`;

const EVERY_MS = 50;
const PAGE = 100;
/** Rows that are this much older than the newest of the look before held no news then and hold none now. */
const MARGIN_MS = 500;

answer<WatchTask, readonly Seen[]>(async ({ url, token, runners, withinMs }) => {
  const watched = new Set(runners);
  const seen = new Map<string, Seen>();
  const versions = new Map<string, string>();
  const giveUpAt = performance.now() + withinMs;
  /** Newest change seen by the look before. Milliseconds since 1970. */
  let seenUpTo = 0;

  const note = (runner: string, state: Seen['state'], at: number) => {
    const key = `${runner} ${state}`;
    if (!seen.has(key)) seen.set(key, { runner, state, at });
  };
  const look = async (offset: number): Promise<void> => {
    const query = `status=pending,active,offline,deleted&sort=-updated_at&limit=${PAGE}&offset=${offset}`;
    const response = await fetch(`${url}/api/v1/runners?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (response.status !== 200) throw new Error(`the list was answered ${response.status}`);
    const { runners: page } = (await response.json()) as { runners: Row[] };
    const at = performance.timeOrigin + performance.now();
    const changed = page.filter((row) => versions.get(row.runner_name) !== versionOf(row));
    for (const row of changed) {
      const { runner_name: name, state } = row;
      versions.set(name, versionOf(row));
      if (!watched.has(name) || (state !== 'busy' && state !== 'deleted')) continue;
      // a change that was overtaken by the next one between two looks was visible no later than that
      note(name, 'busy', at);
      if (state === 'deleted') note(name, 'deleted', at);
    }
    // while one page was read rows have moved to the front: what is behind a page without news may still be news
    const oldest = page.at(-1);
    if (oldest && page.length === PAGE && Date.parse(oldest.updated_at) >= seenUpTo - MARGIN_MS)
      await look(offset + PAGE);
    if (offset === 0 && page[0]) seenUpTo = Date.parse(page[0].updated_at);
  };

  while (seen.size < 2 * watched.size && performance.now() < giveUpAt) {
    const next = performance.now() + EVERY_MS;
    await look(0);
    await sleep(Math.max(1, next - performance.now()));
  }
  return [...seen.values()];
});
