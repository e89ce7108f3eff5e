import { type EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { Retention } from './event-store.port.js';
import { isRevisionConflict, isStreamNotFound } from './store-errors.js';

/** The keys of a stream's metadata; those we do not set stay as they are. */
type Keys = Readonly<Record<string, unknown>>;

/**
 * Writes a stream's `$maxCount` and `$maxAge`. A stream without metadata costs one append, one that has them already
 * a refused append and a read.
 */
export const retain = async (
  client: EventStoreDBClient,
  stream: string,
  retention: Retention,
): Promise<void> => {
  const metastream = `$$${stream}`;
  let known: { keys: Keys; revision: bigint | 'no_stream' } = { keys: {}, revision: 'no_stream' };
  for (;;) {
    const keys = withRetention(known.keys, retention);
    if (known.revision !== 'no_stream' && isSame(keys, known.keys)) return;
    try {
      await client.appendToStream(metastream, jsonEvent({ type: '$metadata', data: keys }), {
        expectedRevision: known.revision,
      });
      return;
    } catch (error) {
      if (!isRevisionConflict(error)) throw error;
      known = await readMetadata(client, metastream);
    }
  }
};

const readMetadata = async (client: EventStoreDBClient, metastream: string) => {
  let known: { keys: Keys; revision: bigint | 'no_stream' } = { keys: {}, revision: 'no_stream' };
  try {
    const newest = client.readStream(metastream, {
      fromRevision: 'end',
      direction: 'backwards',
      maxCount: 1,
    });
    for await (const { event } of newest) {
      if (event) known = { keys: event.data as Keys, revision: event.revision };
    }
  } catch (error) {
    if (!isStreamNotFound(error)) throw error;
  }
  return known;
};

const withRetention = (keys: Keys, { maxCount, maxAgeSeconds }: Retention) => ({
  ...keys,
  ...(maxCount === undefined ? {} : { $maxCount: maxCount }),
  ...(maxAgeSeconds === undefined ? {} : { $maxAge: maxAgeSeconds }),
});

const isSame = (a: Keys, b: Keys) => a.$maxCount === b.$maxCount && a.$maxAge === b.$maxAge;
