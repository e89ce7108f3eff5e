import type { EventStore } from '#libs/event-store';
import type { Random } from '#libs/testing';

/** The log as seen by processes of which each gets on at its own pace: every question waits a random while. */
export const hesitantStore = (store: EventStore, { below }: Random): EventStore => {
  const hesitate = async () => {
    for (let turns = below(12); turns > 0; turns--) await new Promise(setImmediate);
  };
  return {
    ...store,
    append: async (...asked) => {
      await hesitate();
      return store.append(...asked);
    },
    read: async (...asked) => {
      await hesitate();
      const facts = await store.read(...asked);
      await hesitate();
      return facts;
    },
  };
};
