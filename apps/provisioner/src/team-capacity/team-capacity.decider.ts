import { type Decision, refused, type TeamCapacityEvent, teamCapacityEvent } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type TeamCapacity = {
  /** Runners that hold a slot. A set: taking or giving back twice is the same as once. */
  runners: ReadonlySet<string>;
  eventsSinceSnapshot: number;
  /** The team has been deactivated. */
  closed: boolean;
};

/** `limit` undefined = no quota; the slot is counted all the same. */
export type ReserveSlot = {
  type: 'ReserveSlot';
  teamId: string;
  runnerId: string;
  limit: number | undefined;
  at: string;
};
export type ReleaseSlot = { type: 'ReleaseSlot'; teamId: string; runnerId: string; at: string };
export type CloseCapacity = { type: 'CloseCapacity'; teamId: string; at: string };
export type OpenCapacity = { type: 'OpenCapacity'; teamId: string; at: string };
export type TakeSnapshot = { type: 'TakeSnapshot'; teamId: string };
export type TeamCapacityCommand = ReserveSlot | ReleaseSlot | CloseCapacity | OpenCapacity | TakeSnapshot;

/** Events after which a fold may start afresh. */
export const SNAPSHOT_EVERY = 500;

const reserveSlot = (
  { teamId, runnerId, limit, at }: ReserveSlot,
  { runners, closed }: TeamCapacity,
): Decision<TeamCapacityEvent> => {
  if (runners.has(runnerId)) return [];
  if (closed) return refused('team-deactivated', 'The team has been deactivated. Ask an administrator.');
  if (limit !== undefined && runners.size >= limit) {
    return refused(
      'runner-quota-reached',
      `All ${limit} runners of the team are in use. Wait until one has ended, or delete one.`,
      { limit, in_use: runners.size },
    );
  }
  return [teamCapacityEvent('RunnerSlotReserved')({ teamId, runnerId, reservedAt: at })];
};

const releaseSlot = (
  { teamId, runnerId, at }: ReleaseSlot,
  { runners }: TeamCapacity,
): Decision<TeamCapacityEvent> =>
  runners.has(runnerId)
    ? [teamCapacityEvent('RunnerSlotReleased')({ teamId, runnerId, releasedAt: at })]
    : [];

const closeCapacity = (
  { teamId, at }: CloseCapacity,
  { closed }: TeamCapacity,
): Decision<TeamCapacityEvent> =>
  closed ? [] : [teamCapacityEvent('TeamCapacityClosed')({ teamId, closedAt: at })];

const openCapacity = ({ teamId, at }: OpenCapacity, { closed }: TeamCapacity): Decision<TeamCapacityEvent> =>
  closed ? [teamCapacityEvent('TeamCapacityOpened')({ teamId, openedAt: at })] : [];

const takeSnapshot = (
  { teamId }: TakeSnapshot,
  { runners, eventsSinceSnapshot, closed }: TeamCapacity,
): Decision<TeamCapacityEvent> =>
  eventsSinceSnapshot >= SNAPSHOT_EVERY
    ? [
        teamCapacityEvent('TeamCapacitySnapshotTaken')({
          teamId,
          runnerIds: [...runners],
          ...(closed ? { closed } : {}),
        }),
      ]
    : [];

/** How many runners a team has, and whether it may have more. Decided with an expected revision, so the quota is a lock and not a brake. */
export const teamCapacityDecider: Decider<TeamCapacityCommand, TeamCapacity, TeamCapacityEvent> = {
  initial: { runners: new Set(), eventsSinceSnapshot: 0, closed: false },
  decide: (command, capacity) => {
    switch (command.type) {
      case 'ReserveSlot':
        return reserveSlot(command, capacity);
      case 'ReleaseSlot':
        return releaseSlot(command, capacity);
      case 'CloseCapacity':
        return closeCapacity(command, capacity);
      case 'OpenCapacity':
        return openCapacity(command, capacity);
      case 'TakeSnapshot':
        return takeSnapshot(command, capacity);
    }
  },
  evolve: (capacity, event) => {
    const { runners } = capacity;
    const next = { ...capacity, eventsSinceSnapshot: capacity.eventsSinceSnapshot + 1 };
    switch (event.type) {
      case 'RunnerSlotReserved':
        return { ...next, runners: new Set(runners).add(event.data.runnerId) };
      case 'RunnerSlotReleased': {
        const { runnerId } = event.data;
        return { ...next, runners: new Set([...runners].filter((held) => held !== runnerId)) };
      }
      case 'TeamCapacityClosed':
        return { ...next, closed: true };
      case 'TeamCapacityOpened':
        return { ...next, closed: false };
      case 'TeamCapacitySnapshotTaken': {
        const { runnerIds, closed = false } = event.data;
        return { runners: new Set(runnerIds), eventsSinceSnapshot: 0, closed };
      }
    }
  },
};
