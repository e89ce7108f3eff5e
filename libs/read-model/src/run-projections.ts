import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectionStats, Recorded } from '#libs/contracts';
import { BackOff, type CheckResult } from '#libs/runtime';
import { applyFacts, readCheckpoint } from './checkpoints.js';
import { isDatabaseOutage } from './database-outage.js';
import type { Database } from './open-database.js';
import { Progress, type ProjectionProgress } from './progress.js';
import type { Log, Place, Projection } from './projection.js';
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
  /**
   * Prefixes of streams no row is made of, and of whose facts callers know nevertheless: to have looked past them is
   * to have caught up with those callers. The log tells of looking past others only now and then.
   */
  passedBy?: readonly string[];
  logger: TroubleLog;
  /** After a batch is in the rows of this database, whoever of the replicas put it there. */
  onApplied?: (facts: readonly Recorded[], position: bigint) => void;
  /** Before a batch is put into the rows, which may take long when the database is away. */
  onArriving?: (facts: readonly Recorded[]) => void;
  /**
   * The log is followed from where the rows are, at the start and after trouble: what other replicas have put there
   * meanwhile has been told to nobody here.
   */
  onResumed?: () => void;
};

export type RunningProjections = {
  /** True once the rows hold every fact up to `position`; false when that took longer than `timeoutMs`. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>;
  /** The end of the log has been reached once since the start. */
  untilCaughtUp(): Promise<void>;
  progress(): readonly ProjectionProgress[];
  /** For administrators. */
  stats(): ProjectionStats[];
  /** For the readiness check. */
  health(): CheckResult;
  stop(): Promise<void>;
};

/** A fact of another projection's moves this one's checkpoint in the database no more often than this. */
const IDLE_CHECKPOINT_MS = 5_000;
/** What has gone well for this long was a good time: the next trouble starts with a short pause again. */
const STEADY_MS = 10_000;
const PAUSES = { leastMs: 100, mostMs: 5_000 };
/** A batch that fails this often while the database answers holds a fact that cannot be handled. */
const ATTEMPTS = 3;

/**
 * Keeps the rows of some projections up with the log, through one subscription. All of them move together, so a
 * position any of them has been told of is soon known to all. A fact that cannot be handled stops the projection
 * it is for, visibly, and no other.
 */
export const runProjections = ({
  log,
  database,
  projections,
  passedBy = [],
  logger,
  onApplied,
  onArriving,
  onResumed,
}: RunProjections): RunningProjections => {
  const progress = new Progress(projections.map(({ name }) => name));
  const stopping = new AbortController();
  const { signal } = stopping;
  const storedAt = new Map<string, number>();
  const newestFacts = new Map<string, Place | undefined>();
  publishProgress(progress);

  const running = () => projections.filter(({ name }) => !progress.hasStopped(name));

  const stopProjection = (name: string, reason: string, error: unknown) => {
    progress.stopped(name, reason);
    logger.error({ err: error, projection: name }, `the projection ${name} has stopped: ${reason}`);
  };

  const apply = async (
    projection: Projection,
    facts: readonly Recorded[],
    position: bigint,
  ): Promise<void> => {
    const { name } = projection;
    const idle = facts.length === 0;
    if (idle && Date.now() - (storedAt.get(name) ?? 0) < IDLE_CHECKPOINT_MS) {
      progress.reached(name, position);
      return;
    }
    if (facts[0]) progress.began(name, facts[0].recordedAt);
    const backOff = new BackOff(PAUSES);
    for (let failures = 0; ; ) {
      try {
        await applyFacts(database, projection, facts, position);
        storedAt.set(name, Date.now());
        progress.databaseAnswers();
        progress.reached(name, position, facts.at(-1)?.recordedAt);
        return;
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        const outage = await isDatabaseOutage(error, database);
        if (!outage && failures >= ATTEMPTS) return applyOneByOne(projection, facts, position);
        if (outage) progress.databaseFailed(error);
        logger.warn({ err: error, projection: name }, 'a batch of facts could not be saved; trying again');
        await sleep(backOff.nextMs(), undefined, { signal });
      }
    }
  };

  /** Saves what comes before the fact that cannot be handled, and names that fact. */
  const applyOneByOne = async (
    projection: Projection,
    facts: readonly Recorded[],
    position: bigint,
  ): Promise<void> => {
    for (const [index, fact] of facts.entries()) {
      try {
        await applyFacts(database, projection, [fact], fact.position);
        progress.reached(projection.name, fact.position, fact.recordedAt);
      } catch (error) {
        signal.throwIfAborted();
        if (await isDatabaseOutage(error, database)) return apply(projection, facts.slice(index), position);
        stopProjection(projection.name, `${fact.type} at ${fact.stream}@${fact.revision}: ${error}`, error);
        return;
      }
    }
  };

  const onFacts = async (facts: readonly Recorded[], position: bigint) => {
    onArriving?.(facts);
    for (const projection of running()) {
      const reached = progress.position(projection.name);
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
    for (const { name } of running()) {
      const { position, fact, savedAt } = await readCheckpoint(database, name);
      progress.resumed(name, position, savedAt);
      newestFacts.set(name, fact);
    }
    onResumed?.();
    const active = running();
    const positions = active.map(({ name }) => progress.position(name));
    const after = positions.reduce((least, position) => (position < least ? position : least));
    await log.follow({
      prefixes: [...new Set([...active.flatMap(({ prefixes }) => prefixes), ...passedBy])],
      after: after < 0n ? undefined : after,
      seen: active.flatMap(({ name }) => newestFacts.get(name) ?? []),
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
    const backOff = new BackOff(PAUSES);
    while (!signal.aborted && running().length > 0) {
      const startedAt = performance.now();
      try {
        await followOnce();
      } catch (error) {
        if (signal.aborted) return;
        const affected = running().filter(
          ({ name, prefixes }) => cannotRead(error, prefixes) || hasLost(error, newestFacts.get(name)),
        );
        for (const { name } of affected) stopProjection(name, messageOf(error), error);
        if (affected.length > 0) continue;
        progress.interrupted(error);
        logger.warn({ err: error }, 'the log cannot be followed; trying again');
        if (performance.now() - startedAt > STEADY_MS) backOff.reset();
        await sleep(backOff.nextMs(), undefined, { signal }).catch(() => {});
      }
    }
  };
  const ended = run();

  return {
    waitFor: (position, timeoutMs) => progress.waitFor(position, timeoutMs),
    untilCaughtUp: () => progress.untilCaughtUp(),
    progress: () => progress.all(),
    stats: () => progress.stats(),
    health: () => progress.health(),
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};

/** The event store's complaint about a fact it cannot read names the stream. */
const cannotRead = (error: unknown, prefixes: readonly string[]): boolean => {
  const stream = error instanceof Error && 'stream' in error ? error.stream : undefined;
  return typeof stream === 'string' && prefixes.some((prefix) => stream.startsWith(prefix));
};

/** Its complaint about a log that was replaced names the facts that are gone. */
const hasLost = (error: unknown, newest: Place | undefined): boolean =>
  error instanceof Error &&
  'lost' in error &&
  Array.isArray(error.lost) &&
  error.lost.some(({ id }: Place) => id === newest?.id);

const messageOf = (error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const isLoss = error instanceof Error && 'lost' in error;
  return isLoss ? `${message}. These rows have to be rebuilt: docs/runbooks/projection-stopped.md` : message;
};
