import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorded } from '#libs/contracts';
import type { CheckResult } from '#libs/runtime';
import { applyFacts, readCheckpoint } from './checkpoints.js';
import { isDatabaseOutage } from './database-outage.js';
import type { Database } from './open-database.js';
import { Progress, type ProjectionProgress } from './progress.js';
import type { Log, Projection } from './projection.js';
import { publishProgress } from './projection-metrics.js';

/** Where trouble is told; Nest's logger fits. */
export type TroubleLog = {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

export type RunProjections = {
  log: Log;
  database: Database;
  projections: readonly Projection[];
  logger: TroubleLog;
  /** After a batch is in the rows of this database, whoever of the replicas put it there. */
  onApplied?: (facts: readonly Recorded[], position: bigint) => void;
};

export type RunningProjections = {
  /** True once the rows hold every fact up to `position`; false when that took longer than `timeoutMs`. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>;
  /** The end of the log has been reached once since the start. */
  untilCaughtUp(): Promise<void>;
  progress(): readonly ProjectionProgress[];
  /** For the readiness check. */
  health(): CheckResult;
  stop(): Promise<void>;
};

/** A fact of another projection's moves this one's checkpoint in the database no more often than this. */
const IDLE_CHECKPOINT_MS = 5_000;
const PAUSES_MS = [100, 250, 500, 1_000, 2_000, 5_000];
/** A batch that fails this often while the database answers holds a fact that cannot be handled. */
const ATTEMPTS = 3;

const pauseAfter = (failures: number, signal: AbortSignal) =>
  sleep(PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] ?? 100, undefined, { signal });

/**
 * Keeps the rows of some projections up with the log, through one subscription. All of them move together, so a
 * position any of them has been told of is soon known to all. A fact that cannot be handled stops the projection
 * it is for, visibly, and no other.
 */
export const runProjections = ({
  log,
  database,
  projections,
  logger,
  onApplied,
}: RunProjections): RunningProjections => {
  const progress = new Progress(projections.map(({ name }) => name));
  const stopping = new AbortController();
  const { signal } = stopping;
  const storedAt = new Map<string, number>();
  publishProgress(progress);

  const running = () => projections.filter(({ name }) => progress.of(name).stopped === undefined);

  const stopProjection = (name: string, reason: string, error: unknown) => {
    progress.stopped(name, reason);
    logger.error({ err: error, projection: name }, `the projection ${name} has stopped: ${reason}`);
  };

  const apply = async (projection: Projection, facts: readonly Recorded[], position: bigint) => {
    const { name } = projection;
    const idle = facts.length === 0;
    if (idle && Date.now() - (storedAt.get(name) ?? 0) < IDLE_CHECKPOINT_MS) {
      progress.reached(name, position);
      return;
    }
    for (let failures = 0; ; ) {
      try {
        await applyFacts(database, projection, facts, position);
        storedAt.set(name, Date.now());
        progress.reached(name, position, facts.at(-1)?.recordedAt);
        return;
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        const outage = await isDatabaseOutage(error, database);
        if (!outage && failures >= ATTEMPTS) return applyOneByOne(projection, facts);
        if (outage) progress.interrupted(error);
        logger.warn({ err: error, projection: name }, 'a batch of facts could not be saved; trying again');
        await pauseAfter(failures, signal);
      }
    }
  };

  /** Saves what comes before the fact that cannot be handled, and names that fact. */
  const applyOneByOne = async (projection: Projection, facts: readonly Recorded[]) => {
    for (const fact of facts) {
      try {
        await applyFacts(database, projection, [fact], fact.position);
        progress.reached(projection.name, fact.position, fact.recordedAt);
      } catch (error) {
        signal.throwIfAborted();
        stopProjection(projection.name, `${fact.type} at ${fact.stream}@${fact.revision}: ${error}`, error);
        return;
      }
    }
  };

  const onFacts = async (facts: readonly Recorded[], position: bigint) => {
    for (const projection of running()) {
      const reached = progress.of(projection.name).position;
      if (position <= reached) continue;
      const unseen = facts.filter(
        (fact) =>
          fact.position > reached && projection.prefixes.some((prefix) => fact.stream.startsWith(prefix)),
      );
      await apply(projection, unseen, position);
    }
    progress.carriesOn();
    onApplied?.(facts, position);
  };

  const followOnce = async () => {
    for (const { name } of running()) progress.reached(name, await readCheckpoint(database, name));
    const active = running();
    const positions = active.map(({ name }) => progress.of(name).position);
    const after = positions.reduce((least, position) => (position < least ? position : least));
    await log.follow({
      prefixes: [...new Set(active.flatMap(({ prefixes }) => prefixes))],
      after: after < 0n ? undefined : after,
      onFacts,
      onCaughtUp: () => progress.caughtUp(),
      onInterrupted: (error) => {
        progress.interrupted(error);
        logger.warn({ err: error }, 'the log cannot be followed; trying again');
      },
      signal,
    });
  };

  const run = async () => {
    let failures = 0;
    while (!signal.aborted && running().length > 0) {
      try {
        await followOnce();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        const stream = streamOfUnreadable(error);
        const readers = running().filter(({ prefixes }) =>
          prefixes.some((prefix) => stream?.startsWith(prefix)),
        );
        for (const { name } of readers) stopProjection(name, messageOf(error), error);
        if (readers.length > 0) continue;
        failures += 1;
        progress.interrupted(error);
        logger.warn({ err: error }, 'the log cannot be followed; trying again');
        await pauseAfter(failures, signal).catch(() => {});
      }
    }
  };
  const ended = run();

  return {
    waitFor: (position, timeoutMs) => progress.waitFor(position, timeoutMs),
    untilCaughtUp: () => progress.untilCaughtUp(),
    progress: () => progress.all(),
    health: () => progress.health(),
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};

/** The event store's complaint about a fact it cannot read names the stream. */
const streamOfUnreadable = (error: unknown): string | undefined =>
  error instanceof Error && 'stream' in error && typeof error.stream === 'string' ? error.stream : undefined;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
