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

/** What a projection needs of the log: the event store's `follow`. */
export type Log = {
  follow(options: {
    prefixes: readonly string[];
    after?: bigint | undefined;
    onFacts: (facts: readonly Recorded[], position: bigint) => Promise<void>;
    onCaughtUp?: () => void;
    onInterrupted?: (error: unknown) => void;
    signal: AbortSignal;
  }): Promise<void>;
};
