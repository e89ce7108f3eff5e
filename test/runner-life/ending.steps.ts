import type { RunnerCommand } from '../../apps/provisioner/src/runner/runner.decider.js';
import { isLive, mayBeOrphan } from '../../apps/provisioner/src/runner/runner.state.js';
import { isOverdue } from '../../apps/sync/src/settling/settlement.js';
import { INSTANTS, RUNNER } from './examples.js';
import type { Step } from './explore.js';
import { holdings, holdsSomething, type Life, recorded } from './life.js';
import { poll } from './look.js';
import { at, decided, decidedOrHalfDone, isThere, step } from './step.js';

const LONG_MS = 24 * 60 * 60 * 1000;

const asked = (
  life: Life,
  reason: 'deprovisioned' | 'never-connected',
  untilConfirmed: boolean,
): Life | undefined =>
  isLive(life.ours) || life.ours.state === 'deleting'
    ? decided(life, {
        type: 'RequestDeprovisioning',
        reason,
        ...(untilConfirmed ? { untilConfirmed } : {}),
        at: at(life),
      })
    : undefined;

export const deletions = (life: Life): Step[] => {
  const { ours, deletion, isHandedOut } = life;
  const steps = [
    step('its owner deletes it', asked(life, 'deprovisioned', false)),
    step('it is deleted until confirmed', asked(life, 'deprovisioned', true)),
  ];
  if (ours.state === 'pending' && !isHandedOut)
    steps.push(step('its asker has hung up', asked(life, 'never-connected', false)));
  if (deletion === 'none') return steps;
  const now = { ...life, deletion: 'none' as const };
  const isPutOff = deletion === 'refused' && ours.state === 'deleting' && ours.untilConfirmed;
  const answer =
    deletion === 'done'
      ? ({ type: 'RecordDeleted', at: at(life) } as const)
      : ({ type: 'RecordDeprovisioningFailed', reason: 'runner-busy', at: at(life) } as const);
  return [
    ...steps,
    step(
      'GitHub’s word about the deletion is recorded',
      ...(isPutOff ? [now] : decidedOrHalfDone(now, answer)),
    ),
    step('GitHub’s word about the deletion is lost', now),
  ];
};

/** What the deletion call does; the name leads to a runner whose id nobody knows. */
const deletedAtGithub = (life: Life): Life => {
  if (!isThere(life.theirs)) return { ...life, deletion: 'done' };
  return life.theirs.busy ? { ...life, deletion: 'refused' } : { ...life, deletion: 'done', theirs: 'gone' };
};

/** What sync has the provisioner close. */
export const settling = (life: Life): Step[] => {
  const { ours, row, theirs, issuer } = life;
  if (ours.state === 'deleting' && life.deletion === 'none')
    return [step('its deletion is tried', deletedAtGithub(life))];
  if (ours.state === 'offline')
    return [
      step(
        'settling takes it for stale',
        ...givenUp(life, { type: 'ExpireStale', offlineSinceBefore: INSTANTS.expired, at: at(life) }),
      ),
    ];
  if (!row || !isOverdue(row, new Date(at(life)), LONG_MS)) return [];
  switch (ours.state) {
    case 'unknown':
    case 'requested': {
      // a process that is busy with it would say so; one that is gone would not
      const abandoned = decided(life, {
        type: 'AbandonProvisioning',
        runner: RUNNER,
        openSince: INSTANTS.early,
        at: at(life),
      });
      return [step(issuer === 'nobody' ? 'settling gives it up' : 'another replica gives it up', abandoned)];
    }
    case 'failed':
    case 'deleted':
    case 'abandoned': {
      if (!holdsSomething(life)) return [];
      const orphan = mayBeOrphan(ours) && isThere(theirs) && !theirs.online;
      return [
        step(
          'settling gives back',
          recorded({ ...life, theirs: orphan ? 'gone' : theirs }, holdings.released),
        ),
      ];
    }
    case 'pending':
      return [step('settling lets it expire', ...givenUp(life, { type: 'ExpireUnconnected', at: at(life) }))];
    default:
      return [];
  }
};

/** GitHub is looked at first: whoever is online lives on, and what is not there is gone. */
const givenUp = (life: Life, command: RunnerCommand): Life[] => {
  const { theirs } = life;
  const looked = isThere(theirs) ? poll(life) : [life];
  return looked.flatMap((before) => {
    const after = decided(before, command);
    if (after === undefined || isThere(theirs) || after.ours.state !== 'deleting') return after ?? [];
    return [after, ...decidedOrHalfDone(after, { type: 'RecordDeleted', at: at(life) })];
  });
};
