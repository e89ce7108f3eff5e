import { describe, expect, it } from '@jest/globals';
import type { WorkflowJobDelivery } from '#libs/contracts';
import { type Random, randomOf } from '#libs/testing';
import { type History, historyOf } from './history.js';
import { Service } from './service.js';

const SEEDS = Array.from({ length: 250 }, (_, index) => 1_000 + index);
const DISTURBANCES = 5;

type Sent = { delivery: WorkflowJobDelivery; guid: string };

const sent = ({ deliveries }: History): Sent[] =>
  deliveries.map((delivery, index) => ({ delivery, guid: `guid-${index}` }));

const shuffled = <T>(things: readonly T[], random: Random): T[] =>
  things
    .map((thing) => ({ thing, place: random.below(1_000_000) }))
    .sort((a, b) => a.place - b.place)
    .map(({ thing }) => thing);

/** Some come twice or thrice, as another delivery of the same. */
const repeated = (deliveries: readonly Sent[], random: Random): Sent[] =>
  deliveries.flatMap((each) =>
    Array.from({ length: 1 + random.below(3) }, (_, time) => ({ ...each, guid: `${each.guid}-${time}` })),
  );

const served = (history: History, deliveries: readonly Sent[]): Service => {
  const service = new Service(history);
  for (const { delivery, guid } of deliveries) service.deliver(delivery, guid);
  return service;
};

const eachDisturbed = (
  disturb: (deliveries: readonly Sent[], random: Random) => Sent[],
  compare: (disturbed: Service, undisturbed: Service, about: string) => void,
) => {
  for (const seed of SEEDS) {
    const random = randomOf(seed);
    const history = historyOf(random);
    const undisturbed = served(history, sent(history));
    undisturbed.poll();
    for (let count = 0; count < DISTURBANCES; count++) {
      const deliveries = disturb(sent(history), random);
      const disturbed = served(history, deliveries);
      disturbed.poll();
      const order = deliveries.map(({ delivery }) => `${delivery.jobId} ${delivery.action}`);
      compare(disturbed, undisturbed, `seed ${seed}: ${order.join(', ')}`);
    }
  }
};

describe('deliveries about jobs, in histories of which one poll sees the end', () => {
  it('say the same in any order, however often: the same states, and each stage of a job once', () =>
    eachDisturbed(
      (deliveries, random) => shuffled(repeated(deliveries, random), random),
      (disturbed, undisturbed, about) => {
        expect({ about, ...disturbed.outcome() }).toEqual({ about, ...undisturbed.outcome() });
        const ends = ({ jobFacts }: Service) =>
          jobFacts.filter((fact) => fact.endsWith('RunnerCompletedWorkflowJob')).sort();
        expect({ about, ends: ends(disturbed) }).toEqual({ about, ends: ends(undisturbed) });
        expect({ about, facts: new Set(disturbed.jobFacts).size }).toEqual({
          about,
          facts: disturbed.jobFacts.length,
        });
      },
    ));

  it('may be lost: the poll comes to the same states', () =>
    eachDisturbed(
      (deliveries, random) =>
        shuffled(repeated(deliveries, random), random).filter(() => random.below(3) > 0),
      (disturbed, undisturbed, about) =>
        expect({ about, ...disturbed.outcome() }).toEqual({ about, ...undisturbed.outcome() }),
    ));

  it('are about runners that end, work, wait or were never seen', () => {
    const states = SEEDS.flatMap((seed) => {
      const history = historyOf(randomOf(seed));
      const service = served(history, sent(history));
      service.poll();
      return Object.values(service.outcome()).map((outcome) => outcome.split(',')[0]);
    });
    expect([...new Set(states)].sort()).toEqual(['busy', 'deleted', 'idle', 'pending']);
  });
});
