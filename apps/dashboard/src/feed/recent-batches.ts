import type { FeedBatch } from './feed-batch.js';

type Held = FeedBatch & { size: number };

/** The end of the log as it was told here, without gaps; of its beginning only as much as is worth its memory. */
export class RecentBatches {
  private batches: Held[] = [];
  private size = 0;
  private beginning = -1n;
  private end = -1n;

  /** @param most facts that are held */
  constructor(private readonly most: number) {}

  /** What lies between this log position and the end is held; what came before has to be looked up in the log. */
  get from(): bigint {
    return this.beginning;
  }

  /** How far it goes. */
  get upTo(): bigint {
    return this.end;
  }

  /** Nothing is known of how the log went on to this position. */
  beginAt(position: bigint): void {
    this.batches = [];
    this.size = 0;
    this.beginning = position;
    this.end = position;
  }

  /** The log goes on to `batch.upTo`, with so many facts. */
  add(batch: FeedBatch, size: number): void {
    this.end = batch.upTo;
    if (size === 0) return;
    this.batches.push({ ...batch, size });
    this.size += size;
    while (this.size > this.most) {
      const oldest = this.batches.shift();
      if (!oldest) return;
      this.size -= oldest.size;
      this.beginning = oldest.upTo;
    }
  }

  /** The first batch with something after this log position; undefined when there is none yet, or no more. */
  after(position: bigint): FeedBatch | undefined {
    let first: FeedBatch | undefined;
    for (let index = this.batches.length - 1; index >= 0; index -= 1) {
      const batch = this.batches[index];
      if (!batch || batch.upTo <= position) break;
      first = batch;
    }
    return first;
  }
}
