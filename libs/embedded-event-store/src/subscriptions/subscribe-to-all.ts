import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from '../log/recorded-event.js';
import { compileFilter, type EventFilter } from '../reading/event-filter.js';
import { nextTurn } from '../reading/next-turn.js';
import type { AllFrom, AllSubscription } from '../reading/read-query.js';
import type { ReadSink } from '../reading/read-sink.js';
import { resolveLink } from '../reading/resolve-link.js';
import { type Considered, scanAll } from '../reading/scan-all.js';
import { CheckpointCounter } from './checkpoint-counter.js';
import type { LiveLog } from './live-log.js';

/** Events taken from the log at once while catching up. */
const PAGE = 256;

/** Follows `$all` until the reader goes or the server stops. */
export const subscribeToAll = async (
  live: LiveLog,
  { from, filter, resolveLinks }: AllSubscription,
  sink: ReadSink,
): Promise<void> => {
  const passes = filter && compileFilter(filter);
  let position = startOf(from, live);
  const checkpoints = filter && new CheckpointCounter(filter.checkpointInterval, position);
  let caughtUp = false;
  await sink.confirmation(randomUUID());

  while (!sink.signal.aborted) {
    const recent: readonly RecordedEvent[] | undefined = caughtUp ? live.recent.after(position) : undefined;
    const considered = recent ? fromMemory(recent, passes) : fromDisk(live, position, passes);
    if (considered.length === 0) {
      if (!caughtUp) {
        caughtUp = true;
        const checkpoint = checkpoints?.atEnd();
        if (checkpoint !== undefined) await sink.checkpoint(checkpoint);
        await sink.caughtUp();
      }
      if (live.log.lastPosition <= position) await live.commits.next(sink.signal);
      continue;
    }
    // Out of what memory holds: the reader is behind again and will be told once more when it has caught up.
    caughtUp = recent !== undefined;
    for (const { position: at, passing } of considered) {
      const event = passing?.();
      if (event !== undefined) {
        const slow = sink.event(resolveLinks ? resolveLink(live.log, event) : { event });
        if (slow) await slow;
      }
      const checkpoint = checkpoints?.consider(at);
      if (checkpoint !== undefined) await sink.checkpoint(checkpoint);
      if (sink.signal.aborted) return;
      position = at;
    }
    await nextTurn();
  }
};

/** The position the first event comes after. */
const startOf = (from: AllFrom, live: LiveLog): number => {
  if (from === 'start') return 0;
  if (from === 'end') return live.log.lastPosition;
  return from.prepare < from.commit ? from.commit - 1 : from.commit;
};

const fromDisk = (live: LiveLog, position: number, passes: EventFilter | undefined): readonly Considered[] =>
  scanAll(live.log, 'forwards', position, passes, PAGE).considered;

const fromMemory = (
  events: readonly RecordedEvent[],
  passes: EventFilter | undefined,
): readonly Considered[] =>
  events.map((event) => ({
    position: event.position,
    ...((passes === undefined || passes(event)) && { passing: () => event }),
  }));
