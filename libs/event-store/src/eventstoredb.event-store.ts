import { EventStoreDBClient, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import { Problem, type Recorded } from '#libs/contracts';
import { type EventCodec, factCodec } from './event-codec.js';
import { type EventStore, RevisionConflict } from './event-store.port.js';
import { followAll } from './follow-all.js';
import { isOutage, isRevisionConflict, isStreamNotFound } from './store-errors.js';

/** How long one attempt to append may take. The client itself would wait for ever. */
const ATTEMPT_TIMEOUT_MS = 5_000;
const DEFAULT_DEADLINE_MS = 10_000;
/** Of one stream; a store that is frozen answers nothing at all. */
const READ_TIMEOUT_MS = 8_000;
const PAUSES_MS = [50, 100, 250, 500, 1_000];

/** `connectionString` = `esdb://…`. One per process: the client's table of pending appends is global. */
export const eventStoreDb = (connectionString: string, codec: EventCodec = factCodec): EventStore => {
  const client = EventStoreDBClient.connectionString(connectionString);

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

  return {
    append: async (stream, events, expected, { deadline = Date.now() + DEFAULT_DEADLINE_MS } = {}) => {
      const encoded = events.map((event) =>
        jsonEvent({ id: event.id, type: event.type, ...codec.encode(event) }),
      );
      return untilAcknowledged(deadline, async () => {
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
    follow: (options) => followAll(client, options, toRecorded),
    close: () => client.dispose(),
  };
};

/** Asks again only after an outage, and only with the very same events. */
const untilAcknowledged = async <T>(deadline: number, attempt: () => Promise<T>): Promise<T> => {
  for (let tries = 0; ; tries++) {
    try {
      return await withTimeout(attempt(), Math.max(1, Math.min(ATTEMPT_TIMEOUT_MS, deadline - Date.now())));
    } catch (error) {
      if (!isOutage(error)) throw error;
      const pause = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 1_000;
      if (Date.now() + pause > deadline) throw unavailable(error);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
};

const withTimeout = async <T>(promise: Promise<T>, milliseconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(unavailable(new Error(`no answer for ${milliseconds} ms`))),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
};

const unavailable = (cause: unknown) =>
  new Problem('event-store-unavailable', 'The event store cannot be reached. Try again in a few seconds.', {
    retryAfterSeconds: 2,
    cause,
  });

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
