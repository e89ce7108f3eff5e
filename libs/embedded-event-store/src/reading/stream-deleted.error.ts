/** The stream was tombstoned. */
export class StreamDeletedError extends Error {
  constructor(readonly streamName: string) {
    super(`Event stream '${streamName}' is deleted.`);
    this.name = 'StreamDeletedError';
  }
}
