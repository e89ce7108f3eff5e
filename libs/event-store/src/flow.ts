/** Batches that follow one another this closely are a flow. */
const FLOW_MS = 80;
const REST_MS = 40;
/** What one command records comes within this time. */
const GATHERING_MS = 15;

/**
 * How long to let facts gather before they are handled. A batch costs its transaction whether it holds one fact or
 * fifty: the few facts of one command are waited for, so that they are handled after its answer and not in its way,
 * and in a flow there are longer rests.
 */
export class Flow {
  private handledAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Milliseconds. */
  restMs(): number {
    return this.now() - this.handledAt < FLOW_MS ? REST_MS : GATHERING_MS;
  }

  handled(): void {
    this.handledAt = this.now();
  }
}
