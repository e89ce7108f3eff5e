import { once } from 'node:events';
import {
  type AllStreamSubscription,
  type EventStoreDBClient,
  FORWARDS,
  type ResolvedEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import type { Recorded } from '#libs/contracts';
import { BackOff } from '#libs/runtime';
import { type FollowOptions, LogRolledBack, type Place } from './event-store.port.js';
import { Flow } from './flow.js';
import { BATCH, readUntilUnreadable, takeBatch } from './take-batch.js';

const PAUSES = { leastMs: 100, mostMs: 5_000 };
/** A connection that has carried for this long is a good one: the next break starts with a short pause again. */
const STEADY_MS = 10_000;
const LOOK_TIMEOUT_MS = 8_000;

/** Follows `$all` by stream prefix until the signal is aborted; after a break it goes on where it was. */
export const followAll = async (
  client: EventStoreDBClient,
  options: FollowOptions,
  toRecorded: (resolved: ResolvedEvent) => Recorded,
): Promise<void> => {
  const { signal, onInterrupted } = options;
  const backOff = new BackOff(PAUSES);
  let { after, seen = [] } = options;
  while (!signal.aborted) {
    const outcome =
      (await lookForSeen(client, seen)) ??
      (await followOnce(client, { ...options, after }, toRecorded, (position, lastFact) => {
        after = position;
        if (lastFact) seen = [...(options.seen ?? []), lastFact];
      }));
    if (signal.aborted) return;
    if (outcome.failedBy === 'handler') throw outcome.error;
    onInterrupted?.(outcome.error);
    if (outcome.carriedMs > STEADY_MS) backOff.reset();
    await pause(backOff.nextMs(), signal);
  }
};

/** Why a following ended, and how long the server had been answering it. */
type Outcome = { failedBy: 'connection' | 'handler'; error: unknown; carriedMs: number };

const followOnce = async (
  client: EventStoreDBClient,
  { prefixes, after, onFacts, onCaughtUp, signal }: FollowOptions,
  toRecorded: (resolved: ResolvedEvent) => Recorded,
  reached: (position: bigint, lastFact: Place | undefined) => void,
): Promise<Outcome> => {
  /** How far the server has looked through the log; counts once all it sent before has been handled. */
  let checkpoint: bigint | undefined;
  let broken: { error: unknown } | undefined;
  let confirmedAt: number | undefined;
  let caughtUp = false;
  let live = false;
  const flow = new Flow();
  const wake = new EventTarget();
  const wakeUp = () => wake.dispatchEvent(new Event('wake'));
  const fail = (error: unknown) => {
    broken ??= { error };
    wakeUp();
  };
  const ended = (failedBy: Outcome['failedBy'], error: unknown): Outcome => ({
    failedBy,
    error,
    carriedMs: confirmedAt === undefined ? 0 : performance.now() - confirmedAt,
  });

  const subscription: AllStreamSubscription = client.subscribeToAll(
    {
      fromPosition: after === undefined ? START : { commit: after, prepare: after },
      filter: streamNameFilter({
        prefixes: [...prefixes],
        maxSearchWindow: 500,
        checkpointReached: async (_, position) => {
          checkpoint = position.commit;
          wakeUp();
        },
      }),
    },
    { highWaterMark: BATCH },
  );
  subscription.on('readable', wakeUp);
  subscription.on('confirmation', () => {
    confirmedAt = performance.now();
  });
  subscription.on('caughtUp', () => {
    caughtUp = true;
    live = true;
    wakeUp();
  });
  subscription.on('error', fail);
  subscription.on('end', () => fail(new Error('the subscription ended')));
  subscription.on('close', () => fail(new Error('the subscription was closed')));
  signal.addEventListener('abort', wakeUp, { once: true });

  try {
    while (!signal.aborted) {
      const waiting = subscription.readableLength;
      if (live && !broken && waiting > 0 && waiting < BATCH && flow.restMs() > 0)
        await pause(flow.restMs(), signal);
      const batch = await takeBatch(subscription, () => !live && !broken && !signal.aborted);
      const checkpointBefore = checkpoint;
      const drained = subscription.readableLength === 0;
      if (batch.length > 0 || (drained && checkpointBefore !== undefined)) {
        const { facts, unreadable } = readUntilUnreadable(batch, toRecorded);
        const lookedThrough = drained && unreadable === undefined ? checkpointBefore : undefined;
        const position = latest(facts.at(-1)?.position, lookedThrough);
        if (position !== undefined) {
          await onFacts(facts, position);
          if (facts.length > 0) flow.handled();
          reached(position, facts.at(-1));
        }
        if (unreadable !== undefined) throw unreadable;
        if (checkpoint === checkpointBefore && drained) checkpoint = undefined;
        continue;
      }
      // what happened while the batch was taken has woken nobody
      if (!drained || signal.aborted) continue;
      if (broken) return ended('connection', broken.error);
      if (caughtUp) {
        caughtUp = false;
        onCaughtUp?.();
        continue;
      }
      await once(wake, 'wake');
    }
    return ended('connection', signal.reason);
  } catch (error) {
    return ended('handler', error);
  } finally {
    signal.removeEventListener('abort', wakeUp);
    await subscription.unsubscribe().catch(() => {});
  }
};

/** A refusal when something that was read before is not there any more. */
const lookForSeen = async (
  client: EventStoreDBClient,
  seen: readonly Place[],
): Promise<Outcome | undefined> => {
  try {
    const lost: Place[] = [];
    for (const place of seen) if (!(await isThere(client, place))) lost.push(place);
    return lost.length === 0
      ? undefined
      : { failedBy: 'handler', error: new LogRolledBack(lost), carriedMs: 0 };
  } catch (error) {
    return { failedBy: 'connection', error, carriedMs: 0 };
  }
};

/** A gap proves nothing: an event that has expired may have been removed. Another event, or the log's end, do. */
const isThere = async (client: EventStoreDBClient, { position, id }: Place): Promise<boolean> => {
  const found = client.readAll({
    fromPosition: { commit: position, prepare: position },
    direction: FORWARDS,
    maxCount: 1,
  });
  const timer = setTimeout(() => found.destroy(new Error('the store does not answer')), LOOK_TIMEOUT_MS);
  try {
    let isThere = false;
    // read to its end: closing the client waits for ever for a read that was left half-way
    for await (const { event, commitPosition } of found) {
      isThere = commitPosition !== position || event?.id === id;
    }
    return isThere;
  } finally {
    clearTimeout(timer);
  }
};

const latest = (a: bigint | undefined, b: bigint | undefined) => {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a > b ? a : b;
};

const pause = (milliseconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
