import { Problem } from '#libs/contracts';
import { RevisionConflict } from '#libs/event-store';
import { type Origin, step } from '../origin.js';

/** Again from the first look on, each time somebody else was faster. */
export const untilNotOvertaken = async <T>(
  origin: Origin,
  attempt: (origin: Origin) => Promise<T>,
): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(step(origin, `try-${tries}`));
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
      if (Date.now() > origin.deadline) throw tooManyAtOnce(error);
    }
  }
};

const tooManyAtOnce = (cause: unknown) =>
  new Problem('service-unavailable', 'Too many change the same thing right now. Try again in a moment.', {
    retryAfterSeconds: 1,
    cause,
  });
