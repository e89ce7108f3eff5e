import type { FeedEvent } from './feed-event.js';

/** Some of what there is to tell, one after the other, and how far in the log that is all. */
export type FeedBatch = {
  events: () => Promise<readonly FeedEvent[]>;
  /** Log position. */
  upTo: bigint;
};
