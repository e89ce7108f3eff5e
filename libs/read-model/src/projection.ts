import type { Recorded } from '#libs/contracts';
import type { EntityManager } from './open-database.js';

/** Facts into rows. */
export type Projection = {
  /** Names its checkpoint: another name starts at the beginning of the log. */
  name: string;
  /** Beginnings of the stream names it wants to see, such as `runner-`. */
  prefixes: readonly string[];
  /**
   * Runs in the transaction that also moves the checkpoint. Facts come in the order of the log; a fact that is
   * already in the rows must change nothing, one it does not know is left alone.
   */
  apply(em: EntityManager, facts: readonly Recorded[]): Promise<void>;
};

/** A fact, by where it stands in the log and by its id. */
export type Place = { position: bigint; id: string };

/**
 * What a projection needs of the log: the event store's `follow`. It rejects with an error that names the `stream`
 * of a fact that cannot be read, or those of the facts `seen` that are `lost`.
 */
export type Log = {
  follow(options: {
    prefixes: readonly string[];
    after?: bigint | undefined;
    seen?: readonly Place[];
    onFacts: (facts: readonly Recorded[], position: bigint) => Promise<void>;
    onCaughtUp?: () => void;
    onInterrupted?: (error: unknown) => void;
    signal: AbortSignal;
  }): Promise<void>;
};
