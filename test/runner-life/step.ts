import { isRefusal } from '#libs/contracts';
import { type RunnerCommand, runnerDecider } from '../../apps/provisioner/src/runner/runner.decider.js';
import { hasEnded, isKnown, mayBeOrphan } from '../../apps/provisioner/src/runner/runner.state.js';
import { INSTANTS } from './examples.js';
import type { Step } from './explore.js';
import { holdings, type Life, recorded, type Theirs } from './life.js';

/** What a command records, and what follows from an end; undefined = the decider refuses it. */
export const decided = (life: Life, command: RunnerCommand): Life | undefined => {
  const decision = runnerDecider.decide(command, life.ours);
  if (isRefusal(decision)) return undefined;
  const after = recorded(life, decision);
  const hasJustEnded = decision.length > 0 && hasEnded(after.ours) && isKnown(after.ours);
  // a crash may come between the end and what follows from it: then settling gives back
  return hasJustEnded && !mayBeOrphan(after.ours) ? recorded(after, holdings.released) : after;
};

/** Both what happens and that a crash keeps name and slot from being given back. */
export const decidedOrHalfDone = (life: Life, command: RunnerCommand): Life[] => {
  const whole = decided(life, command);
  if (whole === undefined) return [];
  const decision = runnerDecider.decide(command, life.ours);
  return isRefusal(decision) ? [whole] : [whole, recorded(life, decision)];
};

export const isThere = (theirs: Theirs): theirs is Exclude<Theirs, string> => typeof theirs !== 'string';
export const at = ({ time }: Life): string => INSTANTS[time];
export const step = (name: string, ...after: (Life | undefined)[]): Step => ({
  name,
  after: after.filter((life) => life !== undefined),
});
