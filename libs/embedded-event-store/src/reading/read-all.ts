import type { EventLog } from '../storage/event-log.js';
import { compileFilter } from './event-filter.js';
import { nextTurn } from './next-turn.js';
import type { AllFrom, AllRead, Direction } from './read-query.js';
import type { ReadSink } from './read-sink.js';
import { resolveLink } from './resolve-link.js';
import { scanAll } from './scan-all.js';

/** Delivers a stretch of `$all`. */
export const readAll = async (log: EventLog, query: AllRead, sink: ReadSink): Promise<void> => {
  const { direction, resolveLinks } = query;
  const filter = query.filter && compileFilter(query.filter);
  let beyond = startOf(query.from, direction);
  let remaining = query.count;
  while (remaining > 0 && !sink.signal.aborted) {
    const { considered, last } = scanAll(log, direction, beyond, filter, remaining);
    if (last === undefined) return;
    for (const { passing } of considered) {
      const event = passing?.();
      if (event === undefined) continue;
      const slow = sink.event(resolveLinks ? resolveLink(log, event) : { event });
      if (slow) await slow;
      remaining -= 1;
      if (remaining === 0 || sink.signal.aborted) return;
    }
    beyond = last;
    await nextTurn();
  }
};

/** The exclusive bound that makes a read begin where it was asked to. */
const startOf = (from: AllFrom, direction: Direction): number => {
  if (from === 'start') return 0;
  if (from === 'end') return Number.MAX_SAFE_INTEGER;
  return direction === 'forwards' ? from.commit - 1 : from.commit;
};
