import type { FilterExpression } from './event-filter.js';

export type Direction = 'forwards' | 'backwards';

/** `start` is before the first event, `end` behind the last. */
export type StreamFrom = number | 'start' | 'end';

/** Commit and prepare differ only in positions this store did not give out. */
export type AllFrom = { readonly commit: number; readonly prepare: number } | 'start' | 'end';

/** After how many considered events a filtered subscription sends a checkpoint. */
export interface CheckpointedFilter extends FilterExpression {
  readonly checkpointInterval: number;
}

interface Query {
  readonly resolveLinks: boolean;
}

export interface StreamRead extends Query {
  readonly kind: 'stream-read';
  readonly streamName: string;
  /** Inclusive. */
  readonly from: StreamFrom;
  readonly direction: Direction;
  readonly count: number;
  /** Whether the reader wants to know where the stream begins and ends. */
  readonly withBounds: boolean;
}

export interface AllRead extends Query {
  readonly kind: 'all-read';
  /** Inclusive forwards, exclusive backwards: a position points at the front of an event. */
  readonly from: AllFrom;
  readonly direction: Direction;
  readonly count: number;
  readonly filter?: FilterExpression;
}

export interface StreamSubscription extends Query {
  readonly kind: 'stream-subscription';
  readonly streamName: string;
  /** Exclusive. */
  readonly from: StreamFrom;
}

export interface AllSubscription extends Query {
  readonly kind: 'all-subscription';
  /** Exclusive. */
  readonly from: AllFrom;
  readonly filter?: CheckpointedFilter;
}

export type ReadQuery = StreamRead | AllRead | StreamSubscription | AllSubscription;
