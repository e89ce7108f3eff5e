/** Batches that follow one another this closely are a flow. */
const FLOW_MS = 80;
const REST_MS = 40;

/**
 * Tells a flow of facts from single ones. A batch costs its transaction whether it holds one fact or fifty, so in a
 * flow the follower rests between batches and finds more in the next one; what comes alone is handled at once.
 */
export class Flow {
  private handledAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How long to rest before the next batch is taken. Milliseconds. */
  restMs(): number {
    return this.now() - this.handledAt < FLOW_MS ? REST_MS : 0;
  }

  handled(): void {
    this.handledAt = this.now();
  }
}
