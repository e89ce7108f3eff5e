import { type Decision, refused, type TeamCapacityEvent, teamCapacityEvent } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type TeamCapacity = {
  /** Runners that hold a slot. A set: taking or giving back twice is the same as once. */
  runners: ReadonlySet<string>;
  eventsSinceSnapshot: number;
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
export type TakeSnapshot = { type: 'TakeSnapshot'; teamId: string };
export type TeamCapacityCommand = ReserveSlot | ReleaseSlot | TakeSnapshot;

/** Events after which a fold may start afresh. */
export const SNAPSHOT_EVERY = 500;

const reserveSlot = (
  { teamId, runnerId, limit, at }: ReserveSlot,
  { runners }: TeamCapacity,
): Decision<TeamCapacityEvent> => {
  if (runners.has(runnerId)) return [];
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

const takeSnapshot = (
  { teamId }: TakeSnapshot,
  { runners, eventsSinceSnapshot }: TeamCapacity,
): Decision<TeamCapacityEvent> =>
  eventsSinceSnapshot >= SNAPSHOT_EVERY
    ? [teamCapacityEvent('TeamCapacitySnapshotTaken')({ teamId, runnerIds: [...runners] })]
    : [];

/** How many runners a team has. Decided with an expected revision, so the quota is a lock and not a brake. */
export const teamCapacityDecider: Decider<TeamCapacityCommand, TeamCapacity, TeamCapacityEvent> = {
  initial: { runners: new Set(), eventsSinceSnapshot: 0 },
  decide: (command, capacity) => {
    switch (command.type) {
      case 'ReserveSlot':
        return reserveSlot(command, capacity);
      case 'ReleaseSlot':
        return releaseSlot(command, capacity);
      case 'TakeSnapshot':
        return takeSnapshot(command, capacity);
    }
  },
  evolve: ({ runners, eventsSinceSnapshot }, event) => {
    switch (event.type) {
      case 'RunnerSlotReserved':
        return {
          runners: new Set(runners).add(event.data.runnerId),
          eventsSinceSnapshot: eventsSinceSnapshot + 1,
        };
      case 'RunnerSlotReleased': {
        const { runnerId } = event.data;
        return {
          runners: new Set([...runners].filter((held) => held !== runnerId)),
          eventsSinceSnapshot: eventsSinceSnapshot + 1,
        };
      }
      case 'TeamCapacitySnapshotTaken':
        return { runners: new Set(event.data.runnerIds), eventsSinceSnapshot: 0 };
    }
  },
};
