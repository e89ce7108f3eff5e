export type ClosedLoop = {
  /** So many callers, each of which asks again as soon as it was answered. */
  inFlight: number;
  milliseconds: number;
  /** So many calls and no more. */
  calls?: number;
};

export type LoopResult = {
  /** Of each call, milliseconds. */
  latencies: Float64Array;
  /** From the first call to the last answer. */
  seconds: number;
};

/** Calls until the time is up; what was begun is waited for. A call that rejects ends it all. */
export const closedLoop = async (
  { inFlight, milliseconds, calls = Number.POSITIVE_INFINITY }: ClosedLoop,
  call: () => Promise<void>,
): Promise<LoopResult> => {
  const latencies: number[] = [];
  let begun = 0;
  const startedAt = performance.now();
  const caller = async () => {
    for (let now = performance.now(); now - startedAt < milliseconds && begun < calls; ) {
      begun += 1;
      await call();
      const answeredAt = performance.now();
      latencies.push(answeredAt - now);
      now = answeredAt;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return { latencies: Float64Array.from(latencies), seconds: (performance.now() - startedAt) / 1000 };
};
