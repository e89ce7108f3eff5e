import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStoreDBClient, ResolvedEvent } from '@eventstore/db-client';
import type { Recorded } from '#libs/contracts';
import { BackOff } from '#libs/runtime';
import { type FollowOptions, LogRolledBack, type Place } from './event-store.port.js';
import { LogSubscription } from './log-subscription.js';
import { lostOf } from './seen-places.js';
import { readUntilUnreadable } from './take-batch.js';

const PAUSES = { leastMs: 100, mostMs: 5_000 };
/** A connection that has carried for this long is a good one: the next break starts with a short pause again. */
const STEADY_MS = 10_000;

type ToRecorded = (resolved: ResolvedEvent) => Recorded;

/** Where the following goes on after a break. */
type Progress = { after: bigint | undefined; seen: readonly Place[] };

/** The connection broke, after the server had answered for so long. */
type Break = { error: unknown; carriedMs: number };

/** Follows `$all` by stream prefix until the signal is aborted; after a break it goes on where it was. */
export const followAll = async (
  client: EventStoreDBClient,
  options: FollowOptions,
  toRecorded: ToRecorded,
): Promise<void> => {
  const { signal, onInterrupted } = options;
  const backOff = new BackOff(PAUSES);
  const progress: Progress = { after: options.after, seen: options.seen ?? [] };
  while (!signal.aborted) {
    const broken =
      (await refuseOtherLog(client, progress.seen)) ??
      (await followOnce(client, options, progress, toRecorded));
    if (broken === undefined || signal.aborted) return;
    onInterrupted?.(broken.error);
    if (broken.carriedMs > STEADY_MS) backOff.reset();
    await sleep(backOff.nextMs(), undefined, { signal }).catch(() => {});
  }
};

/** @throws LogRolledBack */
const refuseOtherLog = async (
  client: EventStoreDBClient,
  seen: readonly Place[],
): Promise<Break | undefined> => {
  let lost: readonly Place[];
  try {
    lost = await lostOf(client, seen);
  } catch (error) {
    return { error, carriedMs: 0 };
  }
  if (lost.length > 0) throw new LogRolledBack(lost);
  return undefined;
};

/** Until the connection breaks, or (undefined) the signal is aborted. */
const followOnce = async (
  client: EventStoreDBClient,
  { prefixes, signal, seen = [], onFacts, onCaughtUp }: FollowOptions,
  progress: Progress,
  toRecorded: ToRecorded,
): Promise<Break | undefined> => {
  const subscription = new LogSubscription(client, { prefixes, after: progress.after, signal });
  try {
    for (;;) {
      const arrival = await subscription.next();
      if (arrival.kind === 'stopped') return undefined;
      if (arrival.kind === 'broken') return { error: arrival.error, carriedMs: subscription.carriedMs };
      if (arrival.kind === 'caught up') {
        onCaughtUp?.();
        continue;
      }
      const { facts, unreadable } = readUntilUnreadable(arrival.batch, toRecorded);
      const lastFact = facts.at(-1);
      const lookedThrough = unreadable === undefined ? arrival.lookedThrough : undefined;
      const position = latest(lastFact?.position, lookedThrough);
      if (position !== undefined) {
        await onFacts(facts, position);
        progress.after = position;
      }
      if (lastFact) {
        subscription.handled();
        progress.seen = [...seen, lastFact];
      }
      if (unreadable !== undefined) throw unreadable;
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    await subscription.close();
  }
};

const latest = (a: bigint | undefined, b: bigint | undefined) => {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a > b ? a : b;
};
