import type { SettleRunner } from '#libs/contracts';
import type { TrackedRunnerRow } from '../tracking/tracked-runner.entity.js';

/** What of a tracked runner decides whether it needs settling. */
export type Unsettled = Pick<
  TrackedRunnerRow,
  | 'id'
  | 'name'
  | 'teamId'
  | 'state'
  | 'stateSince'
  | 'expiresAt'
  | 'nameHeldSince'
  | 'slotHeldSince'
  | 'cancellingSince'
>;

/** A provisioning may take this long; afterwards nobody waits for its answer. */
const REQUEST_MS = 20_000;
/** Whoever asked for a deletion tries it first. */
const DELETION_MS = 2_000;
/** Whoever asked for a cancellation tries it first. */
const CANCELLATION_MS = 2_000;
/** Whoever ends a runner frees its name and its slot right afterwards. */
const RELEASE_MS = 3_000;

/** True when somebody must have stopped halfway: what should have followed has not, for too long. */
export const isOverdue = (runner: Unsettled, now: Date, staleAfterMs: number): boolean => {
  const longerThan = (limitMs: number, since: Date | null | undefined) =>
    since ? now.getTime() - since.getTime() > limitMs : false;
  const held = runner.nameHeldSince || runner.slotHeldSince;
  switch (runner.state) {
    case 'claimed':
      return longerThan(REQUEST_MS, runner.nameHeldSince) || longerThan(REQUEST_MS, runner.slotHeldSince);
    case 'requested':
      return longerThan(REQUEST_MS, runner.stateSince);
    case 'pending':
      return longerThan(0, runner.expiresAt) || longerThan(CANCELLATION_MS, runner.cancellingSince);
    case 'deleting':
      return longerThan(DELETION_MS, runner.stateSince);
    case 'ended':
      return held ? longerThan(RELEASE_MS, runner.stateSince) : false;
    case 'idle':
    case 'busy':
      return longerThan(CANCELLATION_MS, runner.cancellingSince);
    case 'offline':
      return (
        longerThan(staleAfterMs, runner.stateSince) || longerThan(CANCELLATION_MS, runner.cancellingSince)
      );
  }
};

/** A deletion may be refused for hours while a job runs; everything else is over with one answer of GitHub's. */
const LONGEST_PAUSE_MS = { deleting: 60_000, other: 15_000 };

/** How long to leave a runner alone after it has been tried so many times in the same state. */
export const pauseAfter = (state: Unsettled['state'], tries: number): number =>
  Math.min(
    2_000 * 2 ** (tries - 1),
    state === 'deleting' ? LONGEST_PAUSE_MS.deleting : LONGEST_PAUSE_MS.other,
  );

export const settlementOf = ({ id, name, teamId }: Unsettled): SettleRunner => ({
  runnerId: id,
  ...(name ? { runnerName: name } : {}),
  ...(teamId ? { teamId } : {}),
});
