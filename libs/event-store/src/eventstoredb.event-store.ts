import { BACKWARDS, END, EventStoreDBClient, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import { Problem, type Recorded } from '#libs/contracts';
import { type EventCodec, factCodec } from './event-codec.js';
import { type EventStore, RevisionConflict } from './event-store.port.js';
import { followAll } from './follow-all.js';
import { PendingAppends } from './pending-appends.js';
import { isOutage, isRevisionConflict, isStreamNotFound, unavailable } from './store-errors.js';
import { retain } from './stream-retention.js';
import { withTimeout } from './with-timeout.js';

const DEFAULT_DEADLINE_MS = 10_000;
/** Of one stream; a store that is frozen answers nothing at all. */
const READ_TIMEOUT_MS = 8_000;
/** A call whose answer nobody takes any more never ends for the client. */
const DISPOSE_TIMEOUT_MS = 2_000;

/**
 * The client keeps its pending appends in one table for the whole process: a second client's lost connection fails
 * the appends of the first, and an answer that still comes for one of those ends the process.
 */
let hasClient = false;

/**
 * `connectionString` = `esdb://…`.
 * @throws Error when this process has one that is not closed yet
 */
export const eventStoreDb = (connectionString: string, codec: EventCodec = factCodec): EventStore => {
  if (hasClient) {
    throw new Error('this process has a client of the event store already: share it, or close it first');
  }
  const client = EventStoreDBClient.connectionString(connectionString);
  hasClient = true;
  const appends = new PendingAppends();
  const closing = new AbortController();
  const toRecorded = recordedBy(codec);

  const readAll = async (stream: string, options: Parameters<typeof client.readStream>[1]) => {
    const events: Recorded[] = [];
    for await (const resolved of client.readStream(stream, options)) events.push(toRecorded(resolved));
    return events;
  };

  const read = async (stream: string, options: Parameters<typeof client.readStream>[1]) => {
    try {
      return await withTimeout(readAll(stream, options), READ_TIMEOUT_MS);
    } catch (error) {
      if (isStreamNotFound(error)) return [];
      if (error instanceof Problem) throw error;
      throw isOutage(error) ? unavailable(error) : error;
    }
  };

  const lastPosition = async (): Promise<bigint> => {
    let position = 0n;
    const last = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
    for await (const { commitPosition } of last) position = commitPosition ?? position;
    return position;
  };

  const end = async () => {
    try {
      return await withTimeout(lastPosition(), READ_TIMEOUT_MS);
    } catch (error) {
      throw isOutage(error) && !(error instanceof Problem) ? unavailable(error) : error;
    }
  };

  const close = async () => {
    if (closing.signal.aborted) return;
    closing.abort();
    try {
      await appends.close();
      await withTimeout(client.dispose(), DISPOSE_TIMEOUT_MS).catch(() => {});
    } finally {
      hasClient = false;
    }
  };

  return {
    append: async (stream, events, expected, { deadline = Date.now() + DEFAULT_DEADLINE_MS } = {}) => {
      const encoded = events.map((event) =>
        jsonEvent({ id: event.id, type: event.type, ...codec.encode(event) }),
      );
      return appends.untilAcknowledged(deadline, async () => {
        try {
          const { nextExpectedRevision, position } = await client.appendToStream(stream, encoded, {
            expectedRevision: expected,
          });
          return { revision: nextExpectedRevision, position: position?.commit ?? 0n };
        } catch (error) {
          throw isRevisionConflict(error) ? new RevisionConflict(stream) : error;
        }
      });
    },
    read: (stream, { from = 0n } = {}) => read(stream, { fromRevision: from, direction: 'forwards' }),
    readBackwards: (stream, count) =>
      read(stream, { fromRevision: 'end', direction: 'backwards', maxCount: count }),
    retain: (stream, retention) =>
      appends.untilAcknowledged(Date.now() + DEFAULT_DEADLINE_MS, () => retain(client, stream, retention)),
    end,
    follow: async (options) => {
      const signal = AbortSignal.any([options.signal, closing.signal]);
      await followAll(client, { ...options, signal }, toRecorded);
      if (!options.signal.aborted) throw unavailable(new Error('the client was closed'));
    },
    close,
  };
};

const recordedBy =
  ({ decode }: EventCodec) =>
  ({ event, commitPosition }: ResolvedEvent): Recorded => {
    if (!event) throw new Error('a link without an event: links are not used here');
    return decode({
      id: event.id,
      type: event.type,
      data: event.data,
      metadata: event.metadata,
      stream: event.streamId,
      revision: event.revision,
      position: commitPosition ?? 0n,
      recordedAt: event.created,
    });
  };
