import { type Decision, type RunnerNameEvent, refused, runnerNameEvent, type Scope } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

/** Who holds the name, if anybody. */
export type RunnerNameState = { heldBy: undefined } | { heldBy: string; claimedAt: string };

export type ClaimRunnerName = {
  type: 'ClaimRunnerName';
  scope: Scope;
  installationId: number;
  runnerName: string;
  runnerId: string;
  at: string;
  /** A holder that is known never to have become a runner: its claim may be taken over. */
  neverAppeared?: string;
};
export type ReleaseRunnerName = { type: 'ReleaseRunnerName'; runnerId: string; at: string };
export type RunnerNameCommand = ClaimRunnerName | ReleaseRunnerName;

const claim = (
  { type: _, at, neverAppeared, ...claimed }: ClaimRunnerName,
  name: RunnerNameState,
): Decision<RunnerNameEvent> => {
  if (name.heldBy === claimed.runnerId) return [];
  if (name.heldBy !== undefined && name.heldBy !== neverAppeared) {
    return refused(
      'runner-name-taken',
      `A runner named ${claimed.runnerName} exists. Choose another name, or give runner_name_prefix to have one made.`,
      { runner_name: claimed.runnerName },
    );
  }
  return [runnerNameEvent('RunnerNameClaimed')({ ...claimed, claimedAt: at })];
};

const release = ({ runnerId, at }: ReleaseRunnerName, name: RunnerNameState): Decision<RunnerNameEvent> =>
  name.heldBy === runnerId ? [runnerNameEvent('RunnerNameReleased')({ runnerId, releasedAt: at })] : [];

/** One runner at a time may have a name within a scope. */
export const runnerNameDecider: Decider<RunnerNameCommand, RunnerNameState, RunnerNameEvent> = {
  initial: { heldBy: undefined },
  decide: (command, name) => {
    switch (command.type) {
      case 'ClaimRunnerName':
        return claim(command, name);
      case 'ReleaseRunnerName':
        return release(command, name);
    }
  },
  evolve: (_, event) => {
    switch (event.type) {
      case 'RunnerNameClaimed':
        return { heldBy: event.data.runnerId, claimedAt: event.data.claimedAt };
      case 'RunnerNameReleased':
        return { heldBy: undefined };
    }
  },
};
