import { jest } from '@jest/globals';

/** Lets what was written a moment ago look older than it is. */
export const minutesLater = async <T>(minutes: number, work: () => Promise<T>): Promise<T> => {
  const later = Date.now() + minutes * 60_000;
  jest.useFakeTimers({ now: later, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
  try {
    return await work();
  } finally {
    jest.useRealTimers();
  }
};
