import type { RunnerEvent } from '#libs/contracts';
import type { RunnerRow } from '../../apps/dashboard/src/fleet/runner.entity.js';
import { runnerAfter as shownAfter } from '../../apps/dashboard/src/fleet/runner-after.js';
import { runnerDecider } from '../../apps/provisioner/src/runner/runner.decider.js';
import { hasEnded, mayBeOrphan, type RunnerState } from '../../apps/provisioner/src/runner/runner.state.js';
import type { Observation } from '../../apps/sync/src/reconciliation/compare-runners.js';
import { runnerAfter } from '../../apps/sync/src/tracking/runner-after.js';
import type { TrackedRunnerRow } from '../../apps/sync/src/tracking/tracked-runner.entity.js';
import type { FactOfRunner } from '../../apps/sync/src/tracking/tracking-fact.js';
import { INSTANTS, RUNNER, RUNNER_NAME } from './examples.js';

/** The runner at GitHub. */
export type Theirs = 'not yet' | 'gone' | AtGithub;
export type AtGithub = {
  online: boolean;
  busy: boolean;
  /** Somebody has changed its labels. */
  isEdited: boolean;
};
export type Hook = `${number} ${'in_progress' | 'completed'}`;

/** Everything at one moment: our state, GitHub's, and what is under way between the two. */
export type Life = {
  ours: RunnerState;
  /** The same runner in sync's table. */
  row: TrackedRunnerRow | undefined;
  /** And in the fleet that people see. */
  shown: RunnerRow | undefined;
  theirs: Theirs;
  /** Jobs it was given so far. */
  jobs: number;
  /** Deliveries that have not been taken; any of them may be lost. */
  hooks: readonly Hook[];
  /** Whoever provisions: has claimed, asks GitHub, or was answered and has not recorded it. */
  issuer: 'nobody' | 'claiming' | 'asking' | 'answered';
  /** A look at GitHub that has not been told; a newer one may have been. */
  look: { observation: Observation; isOld: boolean } | undefined;
  /** GitHub's answer to a deletion, not recorded yet. */
  deletion: 'none' | 'done' | 'refused';
  /** The config or the token is in somebody's hands. */
  isHandedOut: boolean;
  /** Later than any answer may still come; later than the runner may connect. */
  time: 'early' | 'overdue' | 'expired';
};

export type Kind = {
  method: 'jit' | 'registration_token';
  ephemeral: boolean;
  /** One of the two at a time, or there would be too many moments to look at. */
  beside: 'labels are edited' | 'looks are late';
};

export const unborn: Life = {
  ours: runnerDecider.initial,
  row: undefined,
  shown: undefined,
  theirs: 'not yet',
  jobs: 0,
  hooks: [],
  issuer: 'nobody',
  look: undefined,
  deletion: 'none',
  isHandedOut: false,
  time: 'early',
};

type Told = RunnerEvent | Pick<FactOfRunner, 'type' | 'data'>;
const OF_HOLDINGS = ['RunnerNameClaimed', 'RunnerNameReleased', 'RunnerSlotReserved', 'RunnerSlotReleased'];

/** The log goes on: the provisioner's state and sync's row follow it. */
export const recorded = (life: Life, events: readonly Told[]): Life => {
  let { ours, row, shown } = life;
  for (const event of events) {
    const fact = { ...event, position: (row?.position ?? 0n) + 1n, recordedAt: INSTANTS.recorded };
    row = runnerAfter(row, fact as FactOfRunner);
    if (OF_HOLDINGS.includes(event.type)) continue;
    ours = runnerDecider.evolve(ours, event as RunnerEvent);
    shown = shownAfter(shown, fact as Parameters<typeof shownAfter>[1]);
  }
  return { ...life, ours, row, shown };
};

export const holdings = {
  claimed: [
    { type: 'RunnerNameClaimed', data: { ...RUNNER, runnerName: RUNNER_NAME, claimedAt: INSTANTS.early } },
    { type: 'RunnerSlotReserved', data: { ...RUNNER, teamId: 'team', reservedAt: INSTANTS.early } },
  ],
  released: [
    { type: 'RunnerNameReleased', data: { ...RUNNER, releasedAt: INSTANTS.early } },
    { type: 'RunnerSlotReleased', data: { ...RUNNER, teamId: 'team', releasedAt: INSTANTS.early } },
  ],
} as const;

export const holdsSomething = ({ row }: Life): boolean => Boolean(row?.nameHeldSince || row?.slotHeldSince);

/** Forgets what nobody will ask for again, so that moments with the same future are one. */
export const essenceOf = (life: Life): Life => {
  const { ours, look, row, shown } = life;
  const isTimed = TIMED.has(ours.state) || (hasEnded(ours) && holdsSomething(life));
  return {
    ...life,
    ours: look ? ours : { ...ours, ...('observedAt' in ours ? { observedAt: undefined } : {}) },
    row: row && { ...row, position: 0n },
    shown: shown && { ...shown, position: 0n },
    time: isTimed ? life.time : 'expired',
  };
};
const TIMED: ReadonlySet<string> = new Set(['unknown', 'requested', 'pending']);

/** The same in all lives, or of no consequence for what comes. */
const CONSTANT: ReadonlySet<string> = new Set([
  ...['runnerId', 'scope', 'installationId', 'runnerName', 'runnerGroupId', 'provisionedBy', 'requestedAt'],
  ...['reason', 'job', 'id', 'name', 'nameKey', 'teamId', 'position', 'stateSince', 'labels', 'expiresAt'],
]);
/** Of a state that may come back: its jobs and looks are the present ones. */
const PAST: ReadonlySet<string> = new Set(['jobs', 'observedAt']);

export const keyOf = ({ ours, row, shown, ...rest }: Life): string => {
  const was = ours.state === 'deleting' ? JSON.stringify(ours.was, withoutAny(PAST)) : '';
  return JSON.stringify([{ ...ours, was }, row, rest, mayBeOrphan(ours), shown?.state], withoutAny());
};

const withoutAny =
  (more: ReadonlySet<string> = new Set()) =>
  (key: string, value: unknown) => {
    if (CONSTANT.has(key) || more.has(key)) return undefined;
    if (value instanceof Map) return [...value].sort();
    return typeof value === 'bigint' ? 0 : value;
  };
