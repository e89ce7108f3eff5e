import { setTimeout as sleep } from 'node:timers/promises';
import { eventsOf } from './event-reader.js';

export type Told = { id: bigint; type: string; at: string; runner: { runner_id: string; state: string } };

export type FeedFollower = {
  /** All that was told so far, over all connections. */
  told: readonly Told[];
  /** Of each answer that was no stream. */
  refusals: readonly string[];
  connections(): number;
  /** Cuts the connection; the next one is made at once. */
  cut(): void;
  stop(): Promise<void>;
};

/** Follows `GET /api/v1/runners/events` as a caller would: after every break with the newest id. */
export const followFeed = (
  open: (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>,
  { after }: { after?: string } = {},
): FeedFollower => {
  const told: Told[] = [];
  const refusals: string[] = [];
  const stopping = new AbortController();
  let connections = 0;
  let connection = new AbortController();
  let lastId = after;

  const followOnce = async () => {
    connection = new AbortController();
    const signal = AbortSignal.any([stopping.signal, connection.signal]);
    const response = await open(lastId === undefined ? {} : { 'last-event-id': lastId }, signal);
    if (response.status !== 200) {
      refusals.push(`${response.status} ${((await response.json()) as { code: string }).code}`);
      return;
    }
    connections += 1;
    for await (const { id, event, data } of eventsOf(response)) {
      if (id !== undefined) lastId = id;
      if (event === 'runner' && data) told.push({ ...JSON.parse(data), id: BigInt(id ?? -1) });
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await followOnce().catch(() => {});
      await sleep(refusals.length > 0 ? 200 : 20);
    }
  };
  const ended = run();

  return {
    told,
    refusals,
    connections: () => connections,
    cut: () => connection.abort(),
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};
