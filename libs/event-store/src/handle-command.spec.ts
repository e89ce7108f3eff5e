import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { type RunnerNameEvent, runnerNameEvent } from '#libs/contracts';
import type { Decider } from './decider.js';
import { handleCommand } from './handle-command.js';
import { inMemoryEventStore } from './in-memory.event-store.js';

/** Counts up to a limit; each release is one. */
const counter: Decider<{ limit: number }, number, RunnerNameEvent> = {
  initial: 0,
  decide: ({ limit }, count) =>
    count < limit
      ? [
          runnerNameEvent('RunnerNameReleased')({
            runnerId: randomUUID(),
            releasedAt: '2026-03-01T10:00:00.000Z',
          }),
        ]
      : { refused: 'runner-quota-reached', detail: 'enough', members: { count } },
  evolve: (count) => count + 1,
};
const options = (commandId = randomUUID()) => ({
  commandId,
  metadata: { $correlationId: 'r', $causationId: 'r', actor: { kind: 'service' as const } },
  deadline: Date.now() + 10_000,
});

it('decides again on what others wrote meanwhile, so that a limit holds under concurrency', async () => {
  const store = inMemoryEventStore();
  const attempts = await Promise.allSettled(
    Array.from({ length: 30 }, () => handleCommand(store, counter, 'runnerName-x', { limit: 5 }, options())),
  );
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(await store.read('runnerName-x')).toHaveLength(5);
});

it('throws the refusal as a problem with its members', async () => {
  const refusal = handleCommand(inMemoryEventStore(), counter, 'runnerName-x', { limit: 0 }, options());
  await expect(refusal).rejects.toMatchObject({ code: 'runner-quota-reached', members: { count: 0 } });
});

it('gives the events of one command the same ids each time', async () => {
  const [first, second] = [inMemoryEventStore(), inMemoryEventStore()];
  const commandId = randomUUID();
  for (const store of [first, second])
    await handleCommand(store, counter, 'runnerName-x', { limit: 1 }, options(commandId));
  expect(first.all().map(({ id }) => id)).toEqual(second.all().map(({ id }) => id));
});
