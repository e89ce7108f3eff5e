import type { Event, EventMetadata, Recorded } from '#libs/contracts';

/** Who and what caused an event. Its version is the codec's to write. */
export type NewMetadata = Omit<EventMetadata, 'schemaVersion'>;

export type NewEvent = Event & { id: string; metadata: NewMetadata };

/** The revision of the last event the writer has seen; `any` gives up the check. */
export type ExpectedRevision = bigint | 'no_stream' | 'any';

export type Appended = {
  /** Revision of the last event written. */
  revision: bigint;
  /** Place of the last event in the log. */
  position: bigint;
};

/** Somebody else has written to the stream since it was read. */
export class RevisionConflict extends Error {
  constructor(readonly stream: string) {
    super(`the stream ${stream} has moved on`);
    this.name = 'RevisionConflict';
  }
}

/** How much of a stream is shown to its readers; what is absent is left as it was. Both at least 1. */
export type Retention = {
  /** So many of the newest events. */
  maxCount?: number;
  /** Events that are not older. */
  maxAgeSeconds?: number;
};

/** A fact, by where it stands in the log and by its id. */
export type Place = { position: bigint; id: string };

/** Facts that were read once are not in the log any more: an older copy of it was put in its place. */
export class LogRolledBack extends Error {
  constructor(readonly lost: readonly Place[]) {
    super(
      `the log no longer holds what was read from it at position ${lost.map(({ position }) => position).join(', ')}: it was replaced by another copy, an older backup for example`,
    );
    this.name = 'LogRolledBack';
  }
}

export type FollowOptions = {
  /** Beginnings of stream names, such as `runner-`. */
  prefixes: readonly string[];
  /** The log position to go on after, exclusive; absent = from the beginning. */
  after?: bigint | undefined;
  /** Facts that have been read before; the following is refused when the log holds them no more. */
  seen?: readonly Place[];
  /**
   * Facts in the order of the log, as many as there were at hand. `position` is how far the log has been looked
   * through, which may be beyond the last fact; to be stored with the effects. A rejection stops the following
   * for good: what cannot be handled must not be skipped. So does a fact that cannot be read, once those before it
   * have been handed over.
   */
  onFacts: (facts: readonly Recorded[], position: bigint) => Promise<void>;
  /** The end of the log has been reached; may come again after a reconnect. */
  onCaughtUp?: () => void;
  /** The connection broke and will be made again. */
  onInterrupted?: (error: unknown) => void;
  signal: AbortSignal;
};

/**
 * The log. Every failure to reach it is the problem `event-store-unavailable`.
 * EventStoreDB itself is behind it in production, the embedded store locally, an array in rule-level specs.
 */
export interface EventStore {
  /**
   * Sends the same events again, as they are, until they are acknowledged or `deadline` (milliseconds since 1970)
   * has passed: with an exact expected revision that never doubles anything.
   * @throws RevisionConflict
   */
  append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    options?: { deadline?: number | undefined },
  ): Promise<Appended>;
  /** The stream from a revision on, inclusive; empty when it does not exist, or all of it is forgotten. */
  read(stream: string, options?: { from?: bigint }): Promise<readonly Recorded[]>;
  /**
   * Lets the store forget what a stream no longer needs: its readers do not see it any more, and the store removes it
   * in its own time, all but the last event. Until then followers may still be given it. Revisions go on as if nothing was forgotten. Setting
   * the same again changes nothing.
   */
  retain(stream: string, retention: Retention): Promise<void>;
  /** The last `count` events of the stream, newest first. */
  readBackwards(stream: string, count: number): Promise<readonly Recorded[]>;
  /** Place of the last event in the whole log, of whatever stream; 0 when there is none. */
  end(): Promise<bigint>;
  /**
   * Resolves when the signal is aborted; rejects when `onFacts` did.
   * @throws UnreadableEvent
   * @throws LogRolledBack
   */
  follow(options: FollowOptions): Promise<void>;
  close(): Promise<void>;
}
