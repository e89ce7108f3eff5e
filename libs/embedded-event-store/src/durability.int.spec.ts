import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient, type RecordedEvent } from '@eventstore/db-client';
import {
  type CompiledSources,
  compileSources,
  type EventStoreProcess,
  spawnCompiled,
  startEventStoreProcess,
} from './testing/event-store-process.js';
import { all } from './testing/events.js';
import { freePort } from './testing/free-port.js';
import type { Acknowledgement, AppendMark } from './testing/persistent-writer.js';
import { acknowledgementsOf } from './testing/persistent-writer-output.js';
import { followingPrefix, ResumingSubscriber, type SeenEvent } from './testing/resuming-subscriber.js';

/** More of them take longer and meet the server in more of its states: `EVENT_STORE_KILLS=100`. */
const KILLS = Number(process.env.EVENT_STORE_KILLS ?? 12);
const WRITERS = 3;

/** Between two kills, milliseconds; at times too short to get to work. */
const lifetime = (): number => randomInt(50, 700);

const markOf = (event: RecordedEvent): AppendMark => event.data as unknown as AppendMark;

const placeOf = (event: SeenEvent): string => `${event.streamId}@${event.revision}`;

/** The events of each append, in the order of the log, with their places in it. */
const byAppend = (
  log: readonly RecordedEvent[],
): Map<string, Array<{ event: RecordedEvent; place: number }>> => {
  const appends = new Map<string, Array<{ event: RecordedEvent; place: number }>>();
  for (const [place, event] of log.entries()) {
    const { append } = markOf(event);
    appends.set(append, [...(appends.get(append) ?? []), { event, place }]);
  }
  return appends;
};

describe('a server that is killed again and again under load', () => {
  let sources: CompiledSources;
  let folder: string;
  let server: EventStoreProcess;
  let subscriber: ResumingSubscriber;
  let log: RecordedEvent[];
  let acknowledged: Acknowledgement[];

  beforeAll(
    async () => {
      sources = compileSources();
      folder = mkdtempSync(join(tmpdir(), 'durability-'));
      const environment = { EVENT_STORE_PORT: String(await freePort()) };
      server = await startEventStoreProcess(sources, folder, environment);
      const { connectionString } = server;
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        spawnCompiled(sources, 'testing/persistent-writer.js', {
          CONNECTION_STRING: connectionString,
          WRITER_NAME: `written-${writer}`,
        }),
      );
      subscriber = new ResumingSubscriber(connectionString, followingPrefix('written-'));

      for (let turn = 0; turn < KILLS; turn += 1) {
        await setTimeout(lifetime());
        server.child.kill('SIGKILL');
        await server.exited;
        server = await startEventStoreProcess(sources, folder, environment);
      }
      await setTimeout(lifetime());
      for (const { child } of writers) child.kill('SIGTERM');
      const exits = await Promise.all(writers.map(({ exited }) => exited));
      if (exits.some(({ code }) => code !== 0))
        throw new Error(writers.map((writer) => writer.output()).join('\n'));

      acknowledged = writers.flatMap(acknowledgementsOf);
      const client = EventStoreDBClient.connectionString(connectionString);
      log = (await all(client.readAll()))
        .map(({ event }) => event as RecordedEvent)
        .filter(({ streamId }) => streamId.startsWith('written-'));
      await subscriber.until(() => subscriber.received.length >= log.length);
      await client.dispose();
    },
    30_000 + KILLS * 2_000,
  );

  afterAll(async () => {
    await subscriber.stop();
    server.child.kill('SIGKILL');
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
    sources.remove();
  });

  it('was under load all the time', () => {
    expect(acknowledged.length).toBeGreaterThan(KILLS * 10);
    // Some servers live too short a time for it to come back.
    expect(subscriber.resumptions).toBeGreaterThanOrEqual(KILLS / 4);
  });

  it('has everything it acknowledged, where it said', () => {
    const last = new Map([...byAppend(log)].map(([append, events]) => [append, events.at(-1)?.event]));
    const misplaced = acknowledged.filter(({ append, stream, revision }) => {
      const event = last.get(append);
      return event === undefined || placeOf(event) !== `${stream}@${revision}`;
    });
    expect(misplaced).toEqual([]);
  });

  it('has every append whole, once, and in one piece', () => {
    const broken = [...byAppend(log).values()].filter((events) => {
      const first = events[0];
      return (
        first === undefined ||
        events.length !== markOf(first.event).size ||
        events.some(
          ({ event, place }, index) =>
            markOf(event).index !== index ||
            place !== first.place + index ||
            event.revision !== first.event.revision + BigInt(index),
        )
      );
    });
    expect(broken).toEqual([]);
  });

  it('has revisions without gaps in every stream', () => {
    const next = new Map<string, bigint>();
    const gaps = log.filter(({ streamId, revision }) => {
      const expected = next.get(streamId) ?? 0n;
      next.set(streamId, revision + 1n);
      return revision !== expected;
    });
    expect(gaps.map(placeOf)).toEqual([]);
  });

  it('showed each event once and in order to a subscriber that resumed where it was', () => {
    expect(subscriber.received.map(placeOf)).toEqual(log.map(placeOf));
  });
});
