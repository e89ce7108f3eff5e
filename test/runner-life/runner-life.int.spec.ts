import { describe, expect, it } from '@jest/globals';
import { hasEnded } from '../../apps/provisioner/src/runner/runner.state.js';
import { explore, pathTo, stranded } from './explore.js';
import { holdsSomething, type Kind, type Life, unborn } from './life.js';
import { stepsOf } from './steps.js';

const KINDS = (['labels are edited', 'looks are late'] as const).flatMap((beside): Kind[] => [
  { method: 'jit', ephemeral: true, beside },
  { method: 'registration_token', ephemeral: true, beside },
  { method: 'registration_token', ephemeral: false, beside },
]);

/** Nothing is under way. */
const isQuiet = ({ issuer, hooks, look, deletion }: Life): boolean =>
  issuer === 'nobody' && hooks.length === 0 && look === undefined && deletion === 'none';

const isOver = (life: Life): boolean =>
  isQuiet(life) &&
  (hasEnded(life.ours) || life.row === undefined) &&
  typeof life.theirs === 'string' &&
  !holdsSomething(life);

/** What is shown of it is what GitHub shows, or it is over on both sides. */
const isSettled = (life: Life): boolean => {
  const { ours, theirs } = life;
  if (!isQuiet(life)) return false;
  if (hasEnded(ours) || ours.state === 'unknown') return isOver(life);
  if (!life.row?.nameHeldSince || !life.row.slotHeldSince) return false;
  if (theirs === 'not yet') return ours.state === 'pending';
  if (theirs === 'gone') return false;
  if (theirs.isEdited && !theirs.busy) return false;
  if (theirs.online) return ours.state === (theirs.busy ? 'busy' : 'idle');
  return ours.state === 'pending' || ours.state === 'offline';
};

/** What the service does by itself, sooner or later. Jobs end, and GitHub forgets runners nobody has started. */
const byItself = (step: string, { ours }: Life): boolean =>
  /^(a poll|a look|the hook .* arrives$|settling|another replica|its labels are looked at|GitHub is asked about|its deletion is tried|GitHub’s word .* recorded|it is requested|GitHub answers|the answer is|a minute|its time|GitHub forgets)/.test(
    step,
  ) ||
  (step === 'its job ends' && ours.state === 'deleting');

/** Sync's row and the fleet's are made of the same facts as the provisioner's state. */
const isToldAlike = ({ ours, row, shown }: Life): boolean => {
  if (ours.state === 'unknown') return shown === undefined && (row === undefined || row.state === 'claimed');
  if (row?.state !== (hasEnded(ours) ? 'ended' : ours.state)) return false;
  return shown === undefined ? ours.state === 'abandoned' : shown.state === ours.state;
};

const told = (nodes: readonly Parameters<typeof pathTo>[0][]): string[] =>
  nodes.slice(0, 3).map((node) => `\n${pathTo(node)}`);

describe.each(KINDS)('the life of a runner ($method, ephemeral: $ephemeral, $beside)', (kind) => {
  const nodes = explore(unborn, stepsOf(kind));

  it('can be seen through from everywhere', () => {
    const states = new Set([...nodes.values()].map(({ life }) => life.ours.state));
    process.stderr.write(`${Object.values(kind).join(', ')}: ${nodes.size} moments
`);
    expect([...states].sort()).toEqual([
      'abandoned',
      'busy',
      'deleted',
      'deleting',
      'failed',
      'idle',
      'offline',
      'pending',
      'requested',
      'unknown',
    ]);
    expect(told(stranded(nodes, isOver, () => true))).toEqual([]);
  });

  it('is the same for all who follow it', () =>
    expect(told([...nodes.values()].filter(({ life }) => !isToldAlike(life)))).toEqual([]));

  it('settles by itself from everywhere: both sides say the same', () =>
    expect(told(stranded(nodes, isSettled, byItself))).toEqual([]));
});
