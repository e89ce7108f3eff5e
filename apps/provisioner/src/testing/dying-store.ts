import { Problem } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';

/** The log as a process sees it that dies around its nth append: before the write or after it, and for good. */
export const dyingStore = (
  store: EventStore,
  { appends, afterTheLast }: { appends: number; afterTheLast: boolean },
): EventStore => {
  let left = appends;
  const dead = () =>
    Promise.reject(
      new Problem('event-store-unavailable', 'The process is no more.', { retryAfterSeconds: 1 }),
    );
  return {
    ...store,
    append: async (...asked) => {
      if (left <= 0) return dead();
      left -= 1;
      if (left > 0) return store.append(...asked);
      if (afterTheLast) await store.append(...asked);
      return dead();
    },
    read: (...asked) => (left <= 0 ? dead() : store.read(...asked)),
    readBackwards: (...asked) => (left <= 0 ? dead() : store.readBackwards(...asked)),
  };
};
