import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { runnerLives } from '../facts/runner-lives.js';
import { type ClosedLoop, closedLoop, type LoopResult } from '../load/closed-loop.js';
import { answer } from '../processes/worker.js';

/** Appends single facts with the official client, each to the end of one of as many streams as are in flight. */
export type AppendTask = ClosedLoop & { eventStoreUrl: string };

const [, fact] = runnerLives(65);
let client: EventStoreDBClient | undefined;

answer<AppendTask, LoopResult>(async ({ eventStoreUrl, ...loop }) => {
  client ??= EventStoreDBClient.connectionString(eventStoreUrl);
  const store = client;
  const { event, metadata } = fact as NonNullable<typeof fact>;
  let next = 0;
  return closedLoop(loop, async () => {
    const stream = `runner-${next++ % loop.inFlight}`;
    await store.appendToStream(
      stream,
      jsonEvent({ id: randomUUID(), type: event.type, data: { ...event.data }, metadata: { ...metadata } }),
    );
  });
});
