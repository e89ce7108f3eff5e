import { type Observation, observationOf } from '../../apps/sync/src/reconciliation/compare-runners.js';
import { EDITED_LABELS, GITHUB_RUNNER_ID, INSTANTS, LABELS, RUNNER_NAME } from './examples.js';
import type { Life, Theirs } from './life.js';
import { at, decidedOrHalfDone, isThere } from './step.js';

const seenAs = (theirs: Theirs) =>
  isThere(theirs)
    ? ({
        id: GITHUB_RUNNER_ID,
        name: RUNNER_NAME,
        os: 'linux',
        status: theirs.online ? 'online' : 'offline',
        busy: theirs.busy,
        labels: theirs.isEdited ? EDITED_LABELS : LABELS,
      } as const)
    : ('absent' as const);

/** What is new to sync of what GitHub shows now. */
export const sightOf = ({ row, theirs }: Life): Observation | undefined =>
  row && observationOf(row, seenAs(theirs));

export const told = (life: Life, observation: Observation, seenAt: string): Life[] =>
  decidedOrHalfDone(life, {
    type: 'RecordRunnerObserved',
    observation,
    seenAt,
    driftAction: 'remove',
    at: at(life),
  });

export const poll = (life: Life): Life[] => {
  const sight = sightOf(life);
  return sight ? told(life, sight, INSTANTS.look) : [life];
};
