import { once } from 'node:events';
import {
  type AllStreamSubscription,
  type EventStoreDBClient,
  type ResolvedEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import type { Recorded } from '#libs/contracts';
import type { FollowOptions } from './event-store.port.js';

/** Facts handed over at once at most. */
const BATCH = 500;
const PAUSES_MS = [100, 250, 500, 1_000, 2_000, 5_000];
/** A connection that has carried for this long is a good one: the next break starts with a short pause again. */
const STEADY_MS = 10_000;

/** Follows `$all` by stream prefix until the signal is aborted; after a break it goes on where it was. */
export const followAll = async (
  client: EventStoreDBClient,
  options: FollowOptions,
  toRecorded: (resolved: ResolvedEvent) => Recorded,
): Promise<void> => {
  const { signal, onInterrupted } = options;
  let after = options.after;
  let breaks = 0;
  while (!signal.aborted) {
    const startedAt = Date.now();
    const outcome = await followOnce(client, { ...options, after }, toRecorded, (position) => {
      after = position;
    });
    if (signal.aborted) return;
    if (outcome.failedBy === 'handler') throw outcome.error;
    onInterrupted?.(outcome.error);
    breaks = Date.now() - startedAt > STEADY_MS ? 0 : breaks + 1;
    await pause(PAUSES_MS[Math.min(breaks, PAUSES_MS.length - 1)] ?? 1_000, signal);
  }
};

type Outcome = { failedBy: 'connection' | 'handler'; error: unknown };

const followOnce = async (
  client: EventStoreDBClient,
  { prefixes, after, onFacts, onCaughtUp, signal }: FollowOptions,
  toRecorded: (resolved: ResolvedEvent) => Recorded,
  reached: (position: bigint) => void,
): Promise<Outcome> => {
  /** How far the server has looked through the log; counts once all it sent before has been handled. */
  let checkpoint: bigint | undefined;
  let broken: Outcome | undefined;
  let caughtUp = false;
  const wake = new EventTarget();
  const wakeUp = () => wake.dispatchEvent(new Event('wake'));
  const fail = (error: unknown) => {
    broken ??= { failedBy: 'connection', error };
    wakeUp();
  };

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
  subscription.on('caughtUp', () => {
    caughtUp = true;
    wakeUp();
  });
  subscription.on('error', fail);
  subscription.on('end', () => fail(new Error('the subscription ended')));
  subscription.on('close', () => fail(new Error('the subscription was closed')));
  signal.addEventListener('abort', wakeUp, { once: true });

  try {
    while (!signal.aborted) {
      const checkpointBefore = checkpoint;
      const batch = takeBatch(subscription);
      if (batch.length > 0 || checkpointBefore !== undefined) {
        const drained = subscription.readableLength === 0;
        const facts = batch.map(toRecorded);
        const lastPosition = facts.at(-1)?.position;
        const position = latest(lastPosition, drained ? checkpointBefore : undefined);
        if (position !== undefined) {
          await onFacts(facts, position);
          reached(position);
        }
        if (checkpoint === checkpointBefore && drained) checkpoint = undefined;
        continue;
      }
      if (broken) return broken;
      if (caughtUp) {
        caughtUp = false;
        onCaughtUp?.();
      }
      await once(wake, 'wake');
    }
    return { failedBy: 'connection', error: signal.reason };
  } catch (error) {
    return { failedBy: 'handler', error };
  } finally {
    signal.removeEventListener('abort', wakeUp);
    await subscription.unsubscribe().catch(() => {});
  }
};

const takeBatch = (subscription: AllStreamSubscription): ResolvedEvent[] => {
  const batch: ResolvedEvent[] = [];
  while (batch.length < BATCH) {
    const resolved: ResolvedEvent | null = subscription.read();
    if (resolved === null) break;
    batch.push(resolved);
  }
  return batch;
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
