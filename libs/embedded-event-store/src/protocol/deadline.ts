import type { Deadline } from '@grpc/grpc-js';

/** When a call's client gives up: milliseconds since 1970, or infinity. */
export const deadlineOf = (call: { getDeadline(): Deadline }): number => {
  const deadline = call.getDeadline();
  return typeof deadline === 'number' ? deadline : deadline.getTime();
};
