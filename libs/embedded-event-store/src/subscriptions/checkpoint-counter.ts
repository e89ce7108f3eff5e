/** Tells when a filtered subscription owes a checkpoint: after every so many events considered. */
export class CheckpointCounter {
  #considered = 0;
  #lastConsidered: number;
  #lastCheckpoint: number;

  /**
   * @param interval events considered between two checkpoints
   * @param start position the subscription begins after
   */
  constructor(
    private readonly interval: number,
    start: number,
  ) {
    this.#lastConsidered = start;
    this.#lastCheckpoint = start;
  }

  /** @returns the checkpoint that is due after this event, if any */
  consider(position: number): number | undefined {
    this.#considered += 1;
    this.#lastConsidered = position;
    return this.#considered >= this.interval ? this.#take() : undefined;
  }

  /** @returns the checkpoint that closes a phase of catching up, unless it would repeat the last one */
  atEnd(): number | undefined {
    return this.#lastConsidered > this.#lastCheckpoint ? this.#take() : undefined;
  }

  #take(): number {
    this.#considered = 0;
    this.#lastCheckpoint = this.#lastConsidered;
    return this.#lastConsidered;
  }
}
