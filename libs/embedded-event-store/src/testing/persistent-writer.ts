/**
 * A process that appends, whatever happens to the server: an append that failed or was never
 * answered is sent again as it was. Each acknowledged one is a line on stdout. SIGTERM lets it finish.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient, type JSONEventData, jsonEvent } from '@eventstore/db-client';

const CONCURRENT_APPENDS = 8;

/** The client has no timer of its own for an append that is never answered, milliseconds. */
const ANSWER_LIMIT = 2000;

/** Small, so that most appends go out in pieces. */
const CHUNK_BYTES = 600;

const PAUSE_BEFORE_RETRY = 50;

/** Where each lane is done; without, it goes on until it is told to finish. */
const LAST_REVISION = BigInt(process.env.LAST_REVISION ?? Number.MAX_SAFE_INTEGER);

/** How an event tells which append it belongs to. */
export interface AppendMark {
  readonly append: string;
  readonly index: number;
  readonly size: number;
}

/** One line of stdout: what the server said is on disk. */
export interface Acknowledgement {
  readonly append: string;
  readonly stream: string;
  /** Of its last event. */
  readonly revision: number;
}

let finishing = false;

const writeOn = async (client: EventStoreDBClient, stream: string): Promise<void> => {
  let revision = -1n;
  for (let turn = 0; !finishing && revision < LAST_REVISION; turn += 1) {
    const size = Math.min(1 + (turn % 4), Number(LAST_REVISION - revision));
    const append = randomUUID();
    const batch = Array.from({ length: size }, (_, index) => markedEvent({ append, index, size }));
    revision = await appendUntilAcknowledged(client, stream, batch, revision);
    const acknowledgement: Acknowledgement = { append, stream, revision: Number(revision) };
    process.stdout.write(`${JSON.stringify(acknowledgement)}\n`);
  }
};

const appendUntilAcknowledged = async (
  client: EventStoreDBClient,
  stream: string,
  batch: JSONEventData[],
  current: bigint,
): Promise<bigint> => {
  for (;;) {
    try {
      const expectedRevision = current < 0n ? 'no_stream' : current;
      const answer = client.appendToStream(stream, batch, { expectedRevision, batchAppendSize: CHUNK_BYTES });
      const { nextExpectedRevision } = await Promise.race([answer, giveUp(answer)]);
      return nextExpectedRevision;
    } catch (error) {
      if ((error as { type?: string }).type === 'wrong-expected-version') throw error;
      await setTimeout(PAUSE_BEFORE_RETRY);
    }
  }
};

const giveUp = async (answer: Promise<unknown>): Promise<never> => {
  answer.catch(() => undefined);
  await setTimeout(ANSWER_LIMIT, undefined, { ref: false });
  throw new Error('The append was not answered.');
};

const markedEvent = (mark: AppendMark): JSONEventData =>
  jsonEvent({ type: 'Marked', data: { ...mark, ballast: 'x'.repeat(200) } });

const connectionString = process.env.CONNECTION_STRING ?? '';
const name = process.env.WRITER_NAME ?? '';
process.once('SIGTERM', () => {
  finishing = true;
});
const client = EventStoreDBClient.connectionString(connectionString);
try {
  await Promise.all(
    Array.from({ length: CONCURRENT_APPENDS }, (_, lane) => writeOn(client, `${name}-${lane}`)),
  );
  process.exit(0);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
}
