import type { RecordedEvent } from '../log/recorded-event.js';
import type { EventLog } from '../storage/event-log.js';
import { nextTurn } from './next-turn.js';
import type { StreamRead } from './read-query.js';
import type { ReadSink } from './read-sink.js';
import { resolveLink } from './resolve-link.js';
import { StreamDeletedError } from './stream-deleted.error.js';
import { type StreamView, viewOf } from './visible-range.js';

type OpenView = Extract<StreamView, { view: 'open' }>;

/** Delivers a stretch of one stream. @throws StreamDeletedError */
export const readStream = async (log: EventLog, query: StreamRead, sink: ReadSink): Promise<void> => {
  const view = viewOf(log.stream(query.streamName), log.currentTime);
  if (view.view === 'deleted') throw new StreamDeletedError(query.streamName);
  if (view.view === 'not-found') {
    await sink.streamNotFound(query.streamName);
    return;
  }
  const pageAfter = query.direction === 'forwards' ? forwards(log, query, view) : backwards(log, query, view);
  if (query.withBounds) await tellFirst(query, view, sink, pageAfter);
  await deliver(log, query, sink, pageAfter);
  if (query.withBounds && !sink.signal.aborted) await sink.lastStreamPosition(view.last);
};

const tellFirst = async (
  { from, direction }: StreamRead,
  { last }: OpenView,
  sink: ReadSink,
  pageAfter: PageAfter,
): Promise<void> => {
  if (direction === 'backwards' || from === 'end') return;
  const first = pageAfter(undefined, 1)[0]?.revision ?? last + 1;
  if (first !== (from === 'start' ? 0 : from)) await sink.firstStreamPosition(first);
};

/** The page behind the event delivered last, in reading direction. */
type PageAfter = (last: RecordedEvent | undefined, limit: number) => readonly RecordedEvent[];

const forwards = (log: EventLog, { from }: StreamRead, view: OpenView): PageAfter => {
  const start = from === 'start' ? 0 : from === 'end' ? view.last + 1 : from;
  return (last, limit) =>
    log.reader.streamForwards(
      {
        streamId: view.streamId,
        createdSince: view.createdSince,
        from: last === undefined ? Math.max(start, view.first) : last.revision + 1,
        to: view.last,
      },
      limit,
    );
};

const backwards = (log: EventLog, { from }: StreamRead, view: OpenView): PageAfter => {
  const start = from === 'end' ? view.last : from === 'start' ? 0 : Math.min(from, view.last);
  return (last, limit) =>
    log.reader.streamBackwards(
      {
        streamId: view.streamId,
        createdSince: view.createdSince,
        from: view.first,
        to: last === undefined ? start : last.revision - 1,
      },
      limit,
    );
};

const deliver = async (
  log: EventLog,
  { count, resolveLinks }: StreamRead,
  sink: ReadSink,
  pageAfter: PageAfter,
): Promise<void> => {
  let remaining = count;
  let last: RecordedEvent | undefined;
  while (remaining > 0 && !sink.signal.aborted) {
    const page = pageAfter(last, remaining);
    for (const event of page) {
      const slow = sink.event(resolveLinks ? resolveLink(log, event) : { event });
      if (slow) await slow;
      if (sink.signal.aborted) return;
    }
    last = page.at(-1);
    if (last === undefined) return;
    remaining -= page.length;
    await nextTurn();
  }
};
