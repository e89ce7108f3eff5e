import { expect, it, jest } from '@jest/globals';
import { type Actor, Problem, type ProvisionRunner, streams } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import { originOf } from '../origin.js';
import { Refusals } from './refusals.js';

const id = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
const NOON = new Date('2026-03-01T12:00:00.000Z');
const pipeline = { kind: 'machine', issuer: 'https://issuer.example', subject: 'pipeline' } as const;
const request = { labels: ['gpu'] } as unknown as ProvisionRunner;

const atNoon = async (work: () => Promise<void>) => {
  jest.useFakeTimers({ now: NOON, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
  try {
    await work();
  } finally {
    jest.useRealTimers();
  }
};

it('are recorded once a minute of each person, machine client and trust rule, whatever others do', async () => {
  await atNoon(async () => {
    const store = inMemoryEventStore();
    const refusals = new Refusals(store);
    const actors: Actor[] = [
      { kind: 'user', issuer: pipeline.issuer, subject: 'ann', userId: id(1) },
      { ...pipeline, machineClientId: id(2) },
      { ...pipeline, machineClientId: id(3) },
      { ...pipeline, trustRuleId: id(4) },
    ];
    for (const actor of [...actors, ...actors]) {
      const refused = refusals.recording(request, originOf({ requestId: 'request-1' }, actor), async () => {
        throw new Problem('label-not-permitted', 'No.');
      });
      await expect(refused).rejects.toMatchObject({ code: 'label-not-permitted' });
    }
    const recorded = await store.read(streams.security('2026-03-01'));
    expect(recorded.map(({ metadata }) => metadata.actor)).toEqual(actors);
  });
});

it('are recorded once a minute of each team that was asked for', async () => {
  await atNoon(async () => {
    const store = inMemoryEventStore();
    // two processes, each asked for both teams twice
    for (const refusals of [new Refusals(store), new Refusals(store)]) {
      for (const teamId of [id(6), id(7), undefined, id(6), id(7), undefined]) {
        const asked = { ...request, ...(teamId === undefined ? {} : { teamId }) };
        const refused = refusals.recording(asked, originOf({ requestId: 'r' }, pipeline), async () => {
          throw new Problem('label-not-permitted', 'No.');
        });
        await expect(refused).rejects.toMatchObject({ code: 'label-not-permitted' });
      }
    }
    const recorded = await store.read(streams.security('2026-03-01'));
    expect(recorded.map(({ data }) => (data as { teamId?: string }).teamId)).toEqual([
      id(6),
      id(7),
      undefined,
    ]);
  });
});
