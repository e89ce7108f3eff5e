import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls at fixed instants, whether or not earlier calls were answered: a service that falls behind is asked all the
 * same, and its delay shows. `dueAt` (of `performance.now()`) is when the call should have gone out; delays count
 * from there, so that a generator that is late does not make them look short.
 */
export const openLoop = async <Item>(
  items: readonly Item[],
  perSecond: number,
  call: (item: Item, dueAt: number) => Promise<void>,
): Promise<void> => {
  const startedAt = performance.now();
  const calls: Promise<void>[] = [];
  for (const [index, item] of items.entries()) {
    const dueAt = startedAt + (index * 1000) / perSecond;
    const early = dueAt - performance.now();
    if (early > 1) await sleep(early);
    calls.push(call(item, dueAt));
  }
  await Promise.all(calls);
};
