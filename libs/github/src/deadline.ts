/** How long one call may take, with everything it waits for. */
export type Deadline = { signal: AbortSignal; seconds: number };

/** Runs `work` with a deadline; `signal` also aborts when `outer` does. */
export const withDeadline = async <Answer>(
  ms: number,
  work: (deadline: Deadline) => Promise<Answer>,
  outer?: AbortSignal,
): Promise<Answer> => {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ms);
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort, { once: true });
  try {
    return await work({ signal: controller.signal, seconds: ms / 1000 });
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
  }
};

/** Waits for `work`, but no longer than the signal; what then becomes of `work` is not this caller's concern. */
export const unlessAborted = async <Answer>(work: Promise<Answer>, signal: AbortSignal): Promise<Answer> => {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new Aborted());
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

export class Aborted extends Error {
  constructor() {
    super('the deadline has passed');
    this.name = 'Aborted';
  }
}
