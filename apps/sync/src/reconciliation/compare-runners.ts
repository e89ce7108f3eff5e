import { ownLabels, type RecordObservation } from '#libs/contracts';
import type { GithubRunner } from '#libs/github';
import { LIVE_STATES, type TrackedRunnerRow, type TrackedState } from '../tracking/tracked-runner.entity.js';

export type Observation = RecordObservation['observation'];

/** What of a tracked runner decides whether a look at GitHub shows anything new. */
export type Tracked = Pick<
  TrackedRunnerRow,
  'id' | 'name' | 'githubRunnerId' | 'state' | 'labels' | 'driftedTo'
>;

/** Something GitHub says of a runner that we did not know. */
export type Difference<Runner extends Tracked = Tracked> = { runner: Runner; observation: Observation };

export type Comparison<Runner extends Tracked> = {
  differences: Difference<Runner>[];
  /** Not in the list though GitHub had them: pages are read while runners move, so this proves nothing yet. */
  missing: Runner[];
  unchanged: number;
};

/**
 * Our runners against GitHub's list: by GitHub's id; by name only while that is unknown, and never with a runner
 * whose id is another's of ours. The name is the one that was free when its runner was provisioned, to the letter.
 */
export const compareRunners = <Runner extends Tracked>(
  tracked: readonly Runner[],
  listed: readonly GithubRunner[],
  isKnownId: (githubRunnerId: number) => boolean,
): Comparison<Runner> => {
  const byId = new Map(listed.map((seen) => [seen.id, seen]));
  const byName = new Map(listed.filter(({ id }) => !isKnownId(id)).map((seen) => [seen.name, seen]));
  const comparison: Comparison<Runner> = { differences: [], missing: [], unchanged: 0 };
  for (const runner of tracked) {
    const seen = runner.githubRunnerId ? byId.get(runner.githubRunnerId) : byName.get(runner.name ?? '');
    if (seen === undefined && runner.githubRunnerId) {
      comparison.missing.push(runner);
      continue;
    }
    const observation = observationOf(runner, seen ?? 'absent');
    if (observation) comparison.differences.push({ runner, observation });
    else comparison.unchanged += 1;
  }
  return comparison;
};

/** What a look at GitHub adds to what is known of the runner; undefined = nothing. */
export const observationOf = (runner: Tracked, seen: GithubRunner | 'absent'): Observation | undefined => {
  const { githubRunnerId } = runner;
  if (seen === 'absent') return githubRunnerId ? { status: 'absent' } : undefined;
  const { id, status, busy, labels } = seen;
  const observation = { status, githubRunnerId: id, busy, labels };
  const isNew = isAtGithub(runner) && (isAnotherId(runner, id) || labelsDiffer(runner, labels));
  if (isNew) return observation;
  return connectionOf(runner, observation);
};

/** Its host has registered it again. */
const isAnotherId = ({ githubRunnerId }: Tracked, id: number): boolean =>
  githubRunnerId !== null && githubRunnerId !== id;

export const isAtGithub = ({ state }: Tracked): boolean =>
  (LIVE_STATES as readonly TrackedState[]).includes(state);

/** While they do, every look is told: what is done about it may have come to nothing the last time. */
const labelsDiffer = ({ labels, driftedTo }: Tracked, shown: readonly string[]): boolean =>
  driftedTo ? true : ownLabels(shown).join() !== (labels ?? []).join();

const connectionOf = (
  { githubRunnerId, state }: Tracked,
  observation: Exclude<Observation, { status: 'absent' }>,
): Observation | undefined => {
  const { status, busy } = observation;
  switch (state) {
    case 'pending':
      return !githubRunnerId || status === 'online' ? observation : undefined;
    case 'offline':
      return status === 'online' ? observation : undefined;
    case 'idle':
      return status === 'offline' || busy ? observation : undefined;
    case 'busy':
      return status === 'offline' || !busy ? observation : undefined;
    case 'claimed':
    case 'requested':
    case 'deleting':
    case 'ended':
      return undefined;
  }
};
