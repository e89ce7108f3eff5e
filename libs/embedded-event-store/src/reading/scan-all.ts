import type { RecordedEvent } from '../log/recorded-event.js';
import type { EventLog } from '../storage/event-log.js';
import type { EventFilter } from './event-filter.js';
import type { Direction } from './read-query.js';

/** A stretch of `$all`, in reading direction. */
export interface Scan {
  /** Position of the last event looked at; undefined at the end of the log. */
  readonly last: number | undefined;
  /** Each event looked at: its position, and itself (fetched when asked for) if the filter lets it pass. */
  readonly considered: readonly Considered[];
}

export interface Considered {
  readonly position: number;
  /** What it fetches is undefined when the event was scavenged meanwhile. */
  readonly passing?: () => RecordedEvent | undefined;
}

/**
 * Looks at the events beyond a position, exclusive. With a filter only the headers are read, and the payload
 * of those that pass when their turn comes: a rare filter runs through the log without its weight.
 */
export const scanAll = (
  log: EventLog,
  direction: Direction,
  beyond: number,
  filter: EventFilter | undefined,
  limit: number,
): Scan => {
  const considered =
    filter === undefined ? whole(log, direction, beyond, limit) : filtered(log, direction, beyond, filter);
  return { considered, last: considered.at(-1)?.position };
};

const whole = (log: EventLog, direction: Direction, beyond: number, limit: number): Considered[] => {
  const { reader } = log;
  const page =
    direction === 'forwards' ? reader.allForwards(beyond, limit) : reader.allBackwards(beyond, limit);
  return page.map((event) => ({ position: event.position, passing: () => event }));
};

const filtered = (log: EventLog, direction: Direction, beyond: number, filter: EventFilter): Considered[] => {
  const { reader } = log;
  const headers = direction === 'forwards' ? reader.headersForwards(beyond) : reader.headersBackwards(beyond);
  return headers.map(({ position, streamName, type }) =>
    filter({ streamName, type }) ? { position, passing: () => reader.at(position) } : { position },
  );
};
