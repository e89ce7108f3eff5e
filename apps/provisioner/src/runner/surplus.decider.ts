import {
  type Decision,
  type LabelDriftAction,
  ownLabels,
  type RunnerEvent,
  runnerEvent,
  type UnmanagedRunner,
} from '#libs/contracts';
import { isKnown, type RunnerState } from './runner.state.js';

/** A runner nobody knows has the labels of this one, for which a registration token was handed out. */
export type RecordSurplusSeen = {
  type: 'RecordSurplusSeen';
  machine: UnmanagedRunner;
  /** When a complete look at GitHub did not show it yet; undefined: nobody knows since when it has been there. */
  absentAt: string | undefined;
  action: LabelDriftAction;
  seenAt: string;
};
/** GitHub has it no more. */
export type RecordSurplusRemoved = { type: 'RecordSurplusRemoved'; githubRunnerId: number; at: string };

/**
 * It is a surplus machine when it turned up while the token was good: it was not there yet after the token had been
 * handed out. Machines without labels are anybody's.
 */
export const decideSurplusSeen = (
  { machine, absentAt, action, seenAt }: RecordSurplusSeen,
  runner: RunnerState,
): Decision<RunnerEvent> => {
  if (!isKnown(runner) || runner.surplus.has(machine.githubRunnerId)) return [];
  const { runnerId, scope, installationId, runnerName, teamId, tokenValid } = runner;
  const wanted = ownLabels(runner.labels);
  const sameLabels = wanted.length > 0 && wanted.join() === ownLabels(machine.labels).join();
  const inTime =
    absentAt !== undefined &&
    tokenValid !== undefined &&
    tokenValid.from <= absentAt &&
    seenAt <= tokenValid.until;
  if (!sameLabels || !inTime) return [];
  const { githubRunnerId, name: surplusName, labels } = machine;
  const whose = { runnerName, ...(teamId === undefined ? {} : { teamId }) };
  const surplus = { githubRunnerId, surplusName, labels, action, seenAt };
  return [runnerEvent('RunnerSurplusMachineSeen')({ runnerId, scope, installationId, ...whose, ...surplus })];
};

export const decideSurplusRemoved = (
  { githubRunnerId, at: removedAt }: RecordSurplusRemoved,
  runner: RunnerState,
): Decision<RunnerEvent> => {
  if (!isKnown(runner) || runner.surplus.get(githubRunnerId) !== 'seen') return [];
  const { runnerId, scope, installationId } = runner;
  const fact = { runnerId, scope, installationId };
  return [runnerEvent('RunnerSurplusMachineRemoved')({ ...fact, githubRunnerId, removedAt })];
};
