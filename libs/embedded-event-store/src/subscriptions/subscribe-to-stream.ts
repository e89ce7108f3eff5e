import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '../log/recorded-event.js';
import { NO_EVENTS } from '../log/revision.js';
import { isTombstoned } from '../log/stream-state.js';
import { nextTurn } from '../reading/next-turn.js';
import type { StreamSubscription } from '../reading/read-query.js';
import type { ReadSink } from '../reading/read-sink.js';
import { resolveLink } from '../reading/resolve-link.js';
import { StreamDeletedError } from '../reading/stream-deleted.error.js';
import { viewOf } from '../reading/visible-range.js';
import type { LiveLog } from './live-log.js';

/** A live subscriber further behind than this is catching up again. */
const LIVE_WINDOW = 1024;

const PAGE = 256;

/** Follows one stream until the reader goes or the server stops. @throws StreamDeletedError */
export const subscribeToStream = async (
  live: LiveLog,
  { streamName, from, resolveLinks }: StreamSubscription,
  sink: ReadSink,
): Promise<void> => {
  const { log } = live;
  let revision = startOf(from, log.stream(streamName).lastRevision);
  let caughtUp = false;
  await sink.confirmation(randomUUID());

  while (!sink.signal.aborted) {
    const seen = log.lastPosition;
    const { lastRevision } = log.stream(streamName);
    if (isTombstoned(log.stream(streamName)) && !caughtUp) throw new StreamDeletedError(streamName);
    if (caughtUp && !isTombstoned(log.stream(streamName)) && lastRevision - revision > LIVE_WINDOW) {
      caughtUp = false;
    }
    const page = caughtUp ? written(live, streamName, revision) : visible(live, streamName, revision);
    for (const event of page) {
      const slow = sink.event(resolveLinks ? resolveLink(log, event) : { event });
      if (slow) await slow;
      if (sink.signal.aborted) return;
      revision = event.revision;
    }
    if (page.length > 0) {
      await nextTurn();
      continue;
    }
    if (isTombstoned(log.stream(streamName))) throw new StreamDeletedError(streamName);
    revision = Math.max(revision, lastRevision);
    if (!caughtUp) {
      caughtUp = true;
      await sink.caughtUp();
    }
    if (log.lastPosition <= seen) await live.commits.next(sink.signal);
  }
};

/** The revision the first event comes after. */
const startOf = (from: StreamSubscription['from'], lastRevision: number): number => {
  if (from === 'start') return NO_EVENTS;
  return from === 'end' ? lastRevision : from;
};

/** While catching up: what a read would show. */
const visible = ({ log }: LiveLog, streamName: string, after: number): RecordedEvent[] => {
  const view = viewOf(log.stream(streamName), log.currentTime);
  if (view.view !== 'open') return [];
  const { streamId, first, last, createdSince } = view;
  return log.reader.streamForwards(
    { streamId, from: Math.max(after + 1, first), to: last, createdSince },
    PAGE,
  );
};

/** While live: everything that was written, the tombstone included, even if it is hidden from reads by now. */
const written = ({ log }: LiveLog, streamName: string, after: number): RecordedEvent[] => {
  const { streamId, lastRevision } = log.stream(streamName);
  if (streamId === undefined || lastRevision <= after) return [];
  return log.reader.streamForwards({ streamId, from: after + 1, to: lastRevision, createdSince: 0 }, PAGE);
};
