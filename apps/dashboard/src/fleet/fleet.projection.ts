import type { Recorded } from '#libs/contracts';
import { foldRows, type Projection } from '#libs/read-model';
import { Runner, type RunnerRow } from './runner.entity.js';
import { type RunnerFact, runnerAfter } from './runner-after.js';

/** The codec has checked type and shape, and streams of other categories are not followed. */
const asRunnerFact = (fact: Recorded): RunnerFact => fact as RunnerFact;

/** The fleet: every runner as it is now. */
export const fleetProjection: Projection = {
  name: 'fleet',
  prefixes: ['runner-'],
  apply: async (em, facts) => {
    await foldRows<RunnerRow>(em, facts, {
      entity: Runner,
      key: 'id',
      keyOf: (fact) => asRunnerFact(fact).data.runnerId,
      evolve: (row, fact) => runnerAfter(row, asRunnerFact(fact)),
    });
  },
};
