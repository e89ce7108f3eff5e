import { isLive } from '../../apps/provisioner/src/runner/runner.state.js';
import { runningJobs } from '../../apps/provisioner/src/runner/runner-jobs.js';
import { INSTANTS, RUNNER } from './examples.js';
import type { Step } from './explore.js';
import type { Kind, Life } from './life.js';
import { poll, sightOf, told } from './look.js';
import { at, decided, decidedOrHalfDone, isThere, step } from './step.js';

/** What polling tells, at once or late. */
export const looks = (life: Life, { beside }: Kind): Step[] => {
  const { look, ours, row } = life;
  const steps: Step[] = [];
  if (look) {
    const seenAt = look.isOld ? INSTANTS.oldLook : INSTANTS.look;
    steps.push(
      step('a look from before is told', ...told({ ...life, look: undefined }, look.observation, seenAt)),
    );
  }
  if (row === undefined || ['claimed', 'requested', 'ended'].includes(row.state)) return steps;
  const later = look && { ...look, isOld: true };
  steps.push(step('a poll', ...poll(life).map((after) => ({ ...after, look: later }))));
  const sight = sightOf(life);
  const mayBeLate = beside === 'looks are late' && !look && ours.state !== 'deleting';
  if (sight && mayBeLate)
    steps.push(step('a poll begins', { ...life, look: { observation: sight, isOld: false } }));
  return steps;
};

/** Sync tells of other labels again and again; the provisioner looks for itself before it removes anything. */
export const driftRemoval = (life: Life): Step[] => {
  const { ours, theirs } = life;
  if (!isLive(ours) || ours.driftedTo === undefined || ours.state === 'busy') return [];
  const [confirmed = life] = poll(life);
  const { ours: still } = confirmed;
  const isDue = isLive(still) && still.driftedTo !== undefined && still.state !== 'busy';
  if (!isDue || (isThere(theirs) && theirs.busy)) return [step('its labels are looked at', confirmed)];
  const command = { type: 'RequestDeprovisioning', reason: 'label-drift', untilConfirmed: true } as const;
  return [step('its labels are looked at', decided(confirmed, { ...command, at: at(life) }))];
};

/** The provisioner asks GitHub about the job, unless the runner is busy there too. */
export const overlookedEnd = (life: Life): Step[] => {
  const { theirs } = life;
  const looksIdle = isThere(theirs) && theirs.online && !theirs.busy && sightOf(life) !== undefined;
  const [observed = life] = poll(life);
  const { ours } = observed;
  const [job] = isLive(ours) ? runningJobs(ours.jobs) : [];
  if (!looksIdle || job === undefined) return [];
  const ended = { type: 'RecordWorkflowJob', runnerId: RUNNER.runnerId, stage: 'completed', job } as const;
  const times = { queuedAt: INSTANTS.early, startedAt: INSTANTS.look, completedAt: INSTANTS.look };
  return [
    step(
      'GitHub is asked about its job',
      ...decidedOrHalfDone(observed, { ...ended, ...times, conclusion: 'success', at: at(life) }),
    ),
  ];
};
